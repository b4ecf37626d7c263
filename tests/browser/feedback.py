"""Feedback as a browser's SDK sends it, with a picture, to a running site."""

import base64
import json
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from tests.server import Site

# A white dot.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)


def send_feedback(site: Site, dsn: str, message: str) -> None:
    """Send a person's words with a screenshot, about no event."""
    words = {"message": message, "name": "Ana", "url": "https://shop.example.com/cart"}
    lines = (
        json.dumps({"event_id": uuid4().hex}).encode(),
        b'{"type":"feedback"}',
        json.dumps({"contexts": {"feedback": words}}).encode(),
        json.dumps({"type": "attachment", "filename": "shot.png", "length": len(PICTURE)}).encode(),
        PICTURE,
    )
    address = urlsplit(dsn)
    answer = httpx.post(
        f"{site.base_url}/api{address.path}/envelope/",
        params={"sentry_key": address.username or ""},
        content=b"\n".join(lines),
    )
    answer.raise_for_status()
