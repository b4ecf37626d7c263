"""Which inbox a process has, by its settings."""

import os
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.conf import settings as site

import ingest.inbox
from ingest.inbox import get_inbox, set_inbox
from ingest.inbox.sqlite import SqliteInbox
from ingest.intake import Intake
from ingest.tests.inboxes import message_of


@pytest.fixture(autouse=True)
def _no_inbox_yet() -> Iterator[None]:
    set_inbox(None)
    yield
    if ingest.inbox._inbox:
        ingest.inbox._inbox.close()
    set_inbox(None)


def test_without_redis_it_is_a_file(settings: SimpleNamespace) -> None:
    settings.INBOX_IS_SHARED = False

    assert isinstance(get_inbox(), SqliteInbox)
    assert get_inbox() is get_inbox()
    assert [source.number for source in get_inbox().sources] == [0]


@pytest.mark.skipif(site.IS_SQLITE, reason="the inbox of several hosts needs PostgreSQL")
@pytest.mark.django_db
def test_with_redis_it_is_streams_and_a_table(settings: SimpleNamespace, inbox_table: str) -> None:
    """Redis is away here, so that the message comes to the table that the settings name."""
    settings.INBOX_IS_SHARED = True
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    inbox = get_inbox()
    row_id = inbox.append(message_of(b"x")).result(timeout=30)

    assert (row_id >> 6) % 64 == 63
    assert [source.number for source in inbox.sources] == [*range(1, 33), 63]
    assert [bool(store.error) for store in inbox.state()] == [True, False]


def test_an_ingest_host_with_a_full_disk_goes_on(settings: SimpleNamespace) -> None:
    settings.MIN_FREE_DISK_PERCENT = 101
    settings.INBOX_IS_SHARED = True

    with Intake().receiving("10") as body:
        body.add(b"x" * 10)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_opens_an_inbox_of_its_own() -> None:
    """Also when the parent was just opening one in another thread."""
    get_inbox()
    with ingest.inbox._lock:
        child = os.fork()
        if not child:
            # Nothing of the test run may go on here.
            is_new = ingest.inbox._inbox is None and ingest.inbox._lock.acquire(blocking=False)
            os._exit(0 if is_new else 1)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
