"""What tests of ingestion share: a project with a key, an inbox, and ways to send."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from errors.services.record import forget_caches
from ingest.digest.marks import forget_marks
from ingest.inbox import set_inbox
from ingest.inbox.base import Delivery, Message
from ingest.inbox.sqlite import SqliteInbox
from ingest.keys import key_cache
from ingest.protocol.auth import KnownKey
from ingest.tests.inboxes import MEBIBYTE, SPOOL_BYTES, OpenInbox
from ingest.tests.sending import Send, send_to_shell, send_to_view


class ReadableInbox(SqliteInbox):
    """An inbox that tells a test what it holds."""

    def messages(self) -> list[Message]:
        """Take everything out."""
        found: list[Delivery] = []
        while batch := self.read(max_messages=100, max_bytes=100 * MEBIBYTE, linger_ms=0):
            self.ack(batch)
            found += batch
        return [delivery.message for delivery in found]


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    """Nothing is remembered of the last test's database."""
    forget_caches()
    forget_marks()


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[ReadableInbox]:
    """The process's inbox, new and empty."""
    inbox = ReadableInbox(
        tmp_path / "inbox.sqlite3", max_bytes=64 * MEBIBYTE, spool_bytes=256 * 1024
    )
    set_inbox(inbox)
    yield inbox
    set_inbox(None)
    inbox.close()


class Shop:
    """A project that may send, as the accept side knows it; no database behind it."""

    def __init__(self) -> None:
        self.key = secrets.token_hex(16)
        self.auth = {"X-Sentry-Auth": f"Sentry sentry_key={self.key}, sentry_version=7"}
        self.known = KnownKey(key_id=3, project_id=7, allowed_origins=("*",), is_active=True)
        self.envelope = "/api/7/envelope/"
        self.store = "/api/7/store/"

    def load(self, public_key: str) -> KnownKey | None:
        return self.known if public_key == self.key else None

    def change(self, **fields: Any) -> None:
        """Change what is known of the key, at once."""
        self.known = replace(self.known, **fields)
        key_cache.clear()


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The only project there is."""
    shop = Shop()
    monkeypatch.setattr(key_cache, "_load", shop.load)
    key_cache.clear()
    yield shop
    key_cache.clear()


@pytest.fixture(params=["view", "shell"])
def send(request: pytest.FixtureRequest, inbox: ReadableInbox) -> Send:
    """Sends a request through the DRF view, then the same test through the ASGI shell."""
    return {"view": send_to_view, "shell": send_to_shell}[request.param]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the inbox of a test lies."""
    return tmp_path / "inbox.sqlite3"


@pytest.fixture
def open_inbox(path: Path) -> Iterator[OpenInbox]:
    """Opens the same inbox again, as another process would."""
    opened: list[SqliteInbox] = []

    def open_one() -> SqliteInbox:
        opened.append(SqliteInbox(path, max_bytes=MEBIBYTE, spool_bytes=SPOOL_BYTES))
        return opened[-1]

    yield open_one
    for inbox in opened:
        inbox.close()
