"""What tests of ingestion share: a project with a key, an inbox, and ways to send."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from errors.services.record import forget_caches
from ingest.digest.marks import forget_marks
from ingest.inbox import set_inbox
from ingest.inbox.base import Delivery, Message
from ingest.inbox.sqlite import SqliteInbox
from ingest.keys import key_cache
from ingest.tests.sending import Send, send_to_shell, send_to_view
from projects.models import Project, ProjectKey

MEBIBYTE = 1 << 20


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


@pytest.fixture
def shop(transactional_db: None) -> Iterator[SimpleNamespace]:
    """A project with a key: `project`, `key`, and the paths `envelope` and `store`.

    Committed, for the ASGI shell looks keys up on a thread of its own.
    """
    key_cache.clear()
    project = Project.objects.create(name="Shop", slug="shop", short_prefix="SHOP")
    key = ProjectKey.objects.create(project=project)
    yield SimpleNamespace(
        project=project,
        key=key.public_key,
        auth={"X-Sentry-Auth": f"Sentry sentry_key={key.public_key}, sentry_version=7"},
        envelope=f"/api/{project.pk}/envelope/",
        store=f"/api/{project.pk}/store/",
    )
    key_cache.clear()


@pytest.fixture(params=["view", "shell"])
def send(request: pytest.FixtureRequest, inbox: ReadableInbox) -> Send:
    """Sends a request through the DRF view, then the same test through the ASGI shell."""
    return {"view": send_to_view, "shell": send_to_shell}[request.param]
