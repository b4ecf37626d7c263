"""Messages as accept would put them into the inbox, and what became of them."""

import gzip
import itertools
import json
import secrets
import time
from dataclasses import replace
from typing import Any

from errors.models import Event, HourlyCount, Issue
from ingest.inbox.base import Inbox, Message
from projects.models import Project, ProjectKey

_serial = itertools.count(1)


def make_project(slug: str = "shop", prefix: str = "SHOP") -> ProjectKey:
    project = Project.objects.create(name=slug.title(), slug=slug, short_prefix=prefix)
    return ProjectKey.objects.create(project=project)


def make_event(**fields: Any) -> dict[str, Any]:
    """A small event: one exception, one frame, an id of its own."""
    frame = {"module": "shop.cart", "function": "pay", "lineno": 4, "in_app": True}
    exception = {"type": "ValueError", "value": "no order", "stacktrace": {"frames": [frame]}}
    return {
        "event_id": f"{next(_serial):032x}",
        "platform": "python",
        "exception": {"values": [exception]},
        **fields,
    }


def make_envelope(*items: tuple[dict[str, Any], bytes], **headers: Any) -> bytes:
    lines = [json.dumps(headers).encode()]
    for item_headers, payload in items:
        lines += [json.dumps({**item_headers, "length": len(payload)}).encode(), payload]
    return b"\n".join(lines)


def make_message(key: ProjectKey, *events: dict[str, Any], **changes: Any) -> Message:
    """An envelope with these events, received now."""
    items = [({"type": "event"}, json.dumps(event).encode()) for event in events]
    event_id = str(events[0].get("event_id", "")) if events else ""
    return make_raw_message(key, make_envelope(*items), **{"event_id": event_id, **changes})


def make_raw_message(key: ProjectKey, opened: bytes, **changes: Any) -> Message:
    """Any bytes as an envelope, gzipped as SDKs do."""
    message = Message(
        receipt=secrets.token_bytes(16),
        project_id=key.project_id,
        key_id=key.pk,
        kind="envelope",
        coding="gzip",
        event_id="",
        received_ms=int(time.time() * 1000),
        client_ip="203.0.113.7",
        body=gzip.compress(opened, 1),
    )
    return replace(message, **changes)


def put(inbox: Inbox, *messages: Message) -> list[int]:
    """Append messages and return their row ids."""
    return [inbox.append(message).result(timeout=10) for message in messages]


def counts() -> tuple[int, int, int]:
    """Events as rows, as the issues' totals, and as the hours' totals."""
    issues = sum(Issue.objects.values_list("event_count", flat=True))
    hours = sum(HourlyCount.objects.values_list("count", flat=True))
    return Event.objects.count(), issues, hours
