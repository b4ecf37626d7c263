"""Sends an event as a client does, by hand."""

import json
import uuid
from urllib.parse import urlsplit

import httpx


def send_event(dsn: str, message: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """Send one to the DSN's project; the site fills in the address of whoever sent it."""
    parts = urlsplit(dsn)
    event_id = uuid.uuid4().hex
    event = {"event_id": event_id, "message": message, "user": {"ip_address": "{{auto}}"}}
    body = "\n".join(map(json.dumps, [{"event_id": event_id}, {"type": "event"}, event]))
    auth = {"X-Sentry-Auth": f"Sentry sentry_key={parts.username}, sentry_version=7"}
    host = parts.netloc.rpartition("@")[2]
    url = f"http://{host}/api{parts.path}/envelope/"
    return httpx.post(url, content=body, headers=auth | (headers or {}))
