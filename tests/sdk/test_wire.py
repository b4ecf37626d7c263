"""Clients that speak the protocol by hand: curl, old SDKs, envelopes with more than an event."""

import base64
import json
import zlib
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from tests.sdk.reading import Visitor
from tests.server import Site, wait_until

pytestmark = pytest.mark.sdk

EVENT: dict[str, Any] = {
    "sentry.interfaces.Message": {"message": "the cellar is %s", "params": ["wet"]},
    "level": "warning",
    "logger": "pump",
    "server_name": "cellar-1",
    "tags": {"floor": "-1"},
    "extra": {"depth_cm": 12, "pump_password": "hunter2"},
}
# Prints type, headers and payload size of what a project keeps beside its events.
KEPT_ITEMS = """
import json
from errors.models import StoredItem
items = StoredItem.objects.filter(project__slug="{slug}").order_by("position")
print(json.dumps(list(items.values_list("type", "headers", "payload_bytes"))))
"""


def test_store_request_as_curl_sends_it_becomes_an_issue(site: Site, visitor: Visitor) -> None:
    address = urlsplit(site.create_project("cellar"))
    legacy = f"Sentry sentry_version=7, sentry_key={address.username}, sentry_secret={'0' * 32}"

    answer = httpx.post(
        store_address(address.geturl()), json=EVENT, headers={"X-Sentry-Auth": legacy}
    )

    assert answer.status_code == 200
    assert len(answer.json()["id"]) == 32
    page = visitor.open_issue("cellar", "the cellar is wet")
    page.assert_says("Warning the cellar is wet", "floor -1", "server_name cellar-1")
    assert page.values_of("pump_password") == {"[Filtered]"}


def test_store_body_of_an_old_sdk_becomes_an_issue(site: Site, visitor: Visitor) -> None:
    dsn = site.create_project("attic")
    body = base64.b64encode(zlib.compress(json.dumps(EVENT).encode()))

    answer = httpx.post(
        store_address(dsn),
        content=body,
        params={"sentry_version": "5", "sentry_key": urlsplit(dsn).username},
        headers={"Content-Type": "application/octet-stream"},
    )

    assert answer.status_code == 200
    assert "the cellar is wet" in visitor.open_issue("attic", "the cellar is wet").text


def test_items_beside_an_event_are_kept(site: Site, visitor: Visitor) -> None:
    dsn = site.create_project("garage")
    event_id = uuid4().hex
    session = {"sid": str(uuid4()), "init": True, "status": "ok", "attrs": {"release": "door@1"}}
    body = write_envelope(
        {"event_id": event_id, "dsn": dsn},
        ({"type": "event"}, json.dumps(EVENT).encode()),
        ({"type": "attachment", "filename": "door.log"}, b"open\nshut\n"),
        ({"type": "session"}, json.dumps(session).encode()),
    )

    answer = httpx.post(store_address(dsn).replace("/store/", "/envelope/"), content=body)

    assert answer.json() == {"id": event_id}
    page = visitor.open_issue("garage", "the cellar is wet")
    page.assert_says("Attachments 1", "door.log", "10 B")
    kept = wait_until(lambda: kept_items(site, "garage"), "the items to be kept")
    assert [item[0] for item in kept] == ["session"]
    assert kept[0][2] == len(json.dumps(session))


def store_address(dsn: str) -> str:
    """Where a client of this DSN posts a single event."""
    address = urlsplit(dsn)
    return f"{address.scheme}://{address.hostname}:{address.port}/api{address.path}/store/"


def write_envelope(header: dict[str, Any], *items: tuple[dict[str, Any], bytes]) -> bytes:
    """The bytes of an envelope, each item with its length."""
    lines = [json.dumps(header).encode()]
    for item_header, payload in items:
        lines += [json.dumps({**item_header, "length": len(payload)}).encode(), payload]
    return b"\n".join(lines) + b"\n"


def kept_items(site: Site, slug: str) -> list[Any]:
    """Type, headers and size of the items that a project keeps."""
    code = KEPT_ITEMS.replace("{slug}", slug)
    return list(json.loads(site.run_command("shell", "--no-imports", "-c", code)))
