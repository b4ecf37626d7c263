"""The inbox of two: nothing is refused while one of them works, and both are read."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.inbox.base import Inbox, InboxFull, InboxUnavailable
from ingest.inbox.fallback import FallbackInbox
from ingest.inbox.postgres import PostgresInbox
from ingest.inbox.sqlite import SqliteInbox
from ingest.tests.inboxes import (
    MEBIBYTE,
    OpenInbox,
    bodies_of,
    eventually,
    message_of,
    put,
    take,
)

PAUSE_S = 0.05


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The first inbox cannot be reached until this is made."""
    return tmp_path / "first"


@pytest.fixture
def first(folder: Path) -> SqliteInbox:
    return SqliteInbox(folder / "inbox.sqlite3", max_bytes=MEBIBYTE, spool_bytes=MEBIBYTE)


@pytest.fixture
def second(open_inbox: OpenInbox) -> Inbox:
    return open_inbox()


@pytest.fixture
def inbox(first: SqliteInbox, second: Inbox) -> Iterator[FallbackInbox]:
    inbox = FallbackInbox(first, second, pause_s=PAUSE_S)
    yield inbox
    inbox.close()


@pytest.fixture
def hanging() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def put_soon(inbox: Inbox, *bodies: bytes) -> list[int]:
    """As put, from an event loop."""

    async def append_all() -> list[int]:
        return await asyncio.gather(*(inbox.append_soon(message_of(body)) for body in bodies))

    return asyncio.run(append_all())


def test_the_first_takes_all_while_it_can(
    inbox: FallbackInbox, folder: Path, first: Inbox, second: Inbox
) -> None:
    folder.mkdir()
    put(inbox, b"a", b"b")
    put_soon(inbox, b"c")

    assert bodies_of(take(first)) == [b"a", b"b", b"c"]
    assert second.depth() == 0


def test_what_the_first_cannot_take_goes_to_the_second(inbox: FallbackInbox, second: Inbox) -> None:
    message = message_of(b"a")
    row_id = inbox.append(message).result(timeout=30)
    put(inbox, b"b")

    found = take(second)
    assert (found[0].row_id, found[0].message) == (row_id, message)
    assert bodies_of(found) == [b"a", b"b"]


def test_an_event_loop_is_answered_by_the_second(inbox: FallbackInbox, second: Inbox) -> None:
    put_soon(inbox, b"a", b"b")
    put_soon(inbox, b"c")

    assert sorted(bodies_of(take(second))) == [b"a", b"b", b"c"]


def test_the_first_is_used_again_when_it_is_back(
    inbox: FallbackInbox, folder: Path, first: Inbox
) -> None:
    put(inbox, b"meanwhile")
    folder.mkdir()

    def is_back() -> bool:
        put(inbox, b"x")
        return first.depth() > 0

    assert eventually(is_back)


def test_the_first_is_looked_for_again_after_a_fault_of_ours(
    inbox: FallbackInbox, folder: Path, first: SqliteInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Event()

    def fail() -> int:
        looked.set()
        raise RuntimeError("nobody expected this")

    with monkeypatch.context() as patch:
        patch.setattr(first, "depth", fail)
        put(inbox, b"meanwhile")
        assert looked.wait(30)
    folder.mkdir()

    def is_back() -> bool:
        put(inbox, b"x")
        return first.depth() > 0

    assert eventually(is_back)


def test_a_full_first_is_no_reason(folder: Path, second: Inbox) -> None:
    folder.mkdir()
    small = SqliteInbox(folder / "inbox.sqlite3", max_bytes=500, spool_bytes=MEBIBYTE)
    inbox = FallbackInbox(small, second)
    with pytest.raises(InboxFull):
        put(inbox, b"x" * 1000)

    assert second.depth() == 0
    small.close()


def test_a_full_second_is_full(first: Inbox, open_inbox: OpenInbox) -> None:
    inbox = FallbackInbox(first, open_inbox(max_bytes=500))
    with pytest.raises(InboxFull):
        put(inbox, b"x" * 1000)
    with pytest.raises(InboxFull):
        put_soon(inbox, b"x" * 1000)
    inbox.close()


def test_both_away_is_unavailable(first: Inbox, tmp_path: Path) -> None:
    other = SqliteInbox(tmp_path / "other" / "inbox", max_bytes=MEBIBYTE, spool_bytes=MEBIBYTE)
    inbox = FallbackInbox(first, other)
    for _ in range(2):
        with pytest.raises(InboxUnavailable):
            put(inbox, b"x")
        with pytest.raises(InboxUnavailable):
            put_soon(inbox, b"x")
    with pytest.raises(InboxUnavailable):
        inbox.depth()
    inbox.close()


def test_both_are_read_and_one_that_is_away_says_so(
    inbox: FallbackInbox, folder: Path, second: Inbox
) -> None:
    put(inbox, b"in the second")
    away, *there = inbox.sources

    with pytest.raises(InboxUnavailable):
        away.read(max_messages=10, max_bytes=MEBIBYTE, linger_ms=0)
    assert there == list(second.sources)
    assert bodies_of(take(second)) == [b"in the second"]


def test_it_tells_what_it_can_reach(inbox: FallbackInbox, second: Inbox) -> None:
    put(inbox, b"a", b"b")

    assert inbox.depth() == 2
    assert inbox.pending_bytes() == second.pending_bytes() > 0
    assert inbox.oldest_age() >= 0
    away, there = inbox.state()
    assert (bool(away.error), away.depth) == (True, 0)
    assert (there.error, there.depth) == ("", 2)


def test_one_time_out_of_a_hanging_first_is_waited_for(
    hanging: socket.socket, second: Inbox
) -> None:
    host, port = hanging.getsockname()
    first = PostgresInbox({"host": host, "port": port, "dbname": "x"}, max_bytes=MEBIBYTE)
    inbox = FallbackInbox(first, second, pause_s=3600)
    put(inbox, *(b"%d" % number for number in range(300)))
    put(inbox, b"at once")
    put_soon(inbox, b"at once, too")

    assert second.depth() == 302
    # Closing wakes who waits for a pause of an hour.
    inbox.close()
    hanging.setblocking(False)
    hanging.accept()[0].close()
    with pytest.raises(BlockingIOError):
        hanging.accept()


def test_a_client_that_left_spoils_nothing(inbox: FallbackInbox, second: Inbox) -> None:
    async def leave_and_stay() -> int:
        left, stays = (inbox.append_soon(message_of(b"x")) for _ in range(2))
        left.cancel()
        return await stays

    assert asyncio.run(leave_and_stay()) > 0
    assert second.depth() >= 1
