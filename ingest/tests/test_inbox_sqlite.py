"""The SQLite inbox: messages come back whole, in order, until they are acknowledged."""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from common.row_ids import received_at_of, row_id_at
from ingest.inbox import base, schema
from ingest.inbox.base import Delivery, InboxFull, Message
from ingest.inbox.sqlite import SqliteInbox
from ingest.inbox.writer import TIDY_PAUSE_S
from ingest.tests.inbox_process import message_of
from ingest.tests.inboxes import MEBIBYTE, SPOOL_BYTES, OpenInbox, bodies_of, put, take


@pytest.fixture
def inbox(open_inbox: OpenInbox) -> SqliteInbox:
    return open_inbox()


def has_room(inbox: SqliteInbox) -> bool:
    try:
        put(inbox, b"one more")
    except InboxFull:
        return False
    return True


def eventually(is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so within half a minute: the inbox tidies up once a second."""
    deadline = time.monotonic() + 30 * TIDY_PAUSE_S
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_so()


def test_messages_come_back_whole_and_in_order(inbox: SqliteInbox) -> None:
    first, second = message_of(b"first"), message_of(b"second")
    row_ids = [inbox.append(first).result(), inbox.append(second).result()]

    assert take(inbox) == [Delivery(row_ids[0], first, 1), Delivery(row_ids[1], second, 1)]
    assert row_ids[0] < row_ids[1]


def test_a_row_id_tells_when_the_message_came(inbox: SqliteInbox) -> None:
    before = time.time_ns() // 1_000_000
    (row_id,) = put(inbox, b"a")

    assert row_id_at(before) <= row_id <= row_id_at(time.time_ns() // 1_000_000) + 4095


def test_row_ids_grow_when_the_clock_goes_back(
    inbox: SqliteInbox, open_inbox: OpenInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = put(inbox, b"a")
    inbox.ack(take(inbox))
    inbox.close()
    monkeypatch.setattr(time, "time_ns", lambda: 1_770_000_000 * 10**9)

    after = put(open_inbox(), b"b", b"c")

    assert before < after[0] < after[1]


def test_row_ids_are_unique_over_processes(inbox: SqliteInbox, open_inbox: OpenInbox) -> None:
    other = open_inbox()
    row_ids = [row_id for _ in range(20) for one in (inbox, other) for row_id in put(one, b"x")]

    assert row_ids == sorted(set(row_ids))
    assert [delivery.row_id for delivery in take(inbox)] == row_ids


def test_what_is_acknowledged_is_gone(inbox: SqliteInbox, open_inbox: OpenInbox) -> None:
    put(inbox, b"a", b"b", b"c")
    inbox.ack(take(inbox))

    assert take(inbox) == []
    assert (inbox.depth(), inbox.pending_bytes(), inbox.oldest_age()) == (0, 0, 0.0)
    inbox.close()
    assert take(open_inbox()) == []


def test_what_is_not_acknowledged_comes_again(inbox: SqliteInbox) -> None:
    put(inbox, b"a", b"b", b"c")
    deliveries = take(inbox)
    inbox.ack(deliveries[:1])

    again = take(inbox)

    assert again == deliveries[1:]
    inbox.ack(again)
    assert inbox.depth() == 0


def test_reads_go_on_where_the_last_one_ended(inbox: SqliteInbox) -> None:
    put(inbox, *(b"%d" % number for number in range(7)))
    found: list[bytes] = []
    while batch := take(inbox, max_messages=3):
        assert len(batch) <= 3
        found += bodies_of(batch)
        inbox.ack(batch)

    assert found == [b"%d" % number for number in range(7)]


def test_a_batch_is_bounded_in_bytes_but_holds_one(inbox: SqliteInbox) -> None:
    put(inbox, b"a" * 400, b"b" * 400, b"c" * 5000)
    sizes = []
    while batch := take(inbox, max_bytes=2000):
        sizes.append(len(batch))
        inbox.ack(batch)

    assert sizes == [2, 1]


def test_a_read_lingers_for_more(inbox: SqliteInbox) -> None:
    put(inbox, b"a")
    late = threading.Timer(0.05, put, (inbox, b"b"))
    late.start()

    batch = inbox.read(max_messages=2, max_bytes=MEBIBYTE, linger_ms=1000)
    late.join()

    assert bodies_of(batch) == [b"a", b"b"]


def test_closing_gives_messages_back_without_a_crash(
    inbox: SqliteInbox, open_inbox: OpenInbox
) -> None:
    put(inbox, b"a", b"b")
    assert len(take(inbox, max_messages=1)) == 1
    inbox.close()

    again = open_inbox()
    first = take(again)
    again.ack(first)

    assert [(d.message.body, d.deliveries) for d in first] == [(b"a", 1)]
    assert [(d.message.body, d.deliveries) for d in take(again)] == [(b"b", 1)]


def test_only_one_process_reads(inbox: SqliteInbox, open_inbox: OpenInbox) -> None:
    put(inbox, b"a")
    other = open_inbox()

    assert len(take(inbox)) == 1
    assert take(other) == []
    inbox.close()
    assert len(take(other)) == 1


def test_a_full_inbox_says_so_until_it_is_read(inbox: SqliteInbox) -> None:
    with pytest.raises(InboxFull):
        for _ in range(2000):
            put(inbox, b"x" * 900)
    assert inbox.pending_bytes() == pytest.approx(MEBIBYTE, rel=0.01)

    inbox.ack(take(inbox, max_messages=10))

    put(inbox, b"x" * 900)


def test_a_full_inbox_notices_another_process_reading(
    inbox: SqliteInbox, open_inbox: OpenInbox
) -> None:
    with pytest.raises(InboxFull):
        for _ in range(2000):
            put(inbox, b"x" * 900)
    reader = open_inbox()
    reader.ack(take(reader, max_messages=10))

    assert eventually(lambda: has_room(inbox))


def test_a_large_body_lies_in_a_file(inbox: SqliteInbox, path: Path) -> None:
    large = os.urandom(SPOOL_BYTES + 1)
    put(inbox, large, b"small")
    spool = path.with_suffix(".spool")

    assert [file.read_bytes() for file in spool.iterdir()] == [large]
    deliveries = take(inbox)
    assert bodies_of(deliveries) == [large, b"small"]
    inbox.ack(deliveries)
    assert list(spool.iterdir()) == []


def test_a_drained_inbox_gives_its_space_back(
    inbox: SqliteInbox, path: Path, open_inbox: OpenInbox
) -> None:
    put(inbox, *(b"x" * 900 for _ in range(900)))
    inbox.ack(take(inbox, max_messages=1000))

    def used() -> int:
        return sum(file.stat().st_size for file in (path, Path(f"{path}-wal")))

    assert eventually(lambda: used() <= 100_000)
    with closing(schema.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_depth_and_age_can_be_read_beside_the_owner(
    inbox: SqliteInbox, open_inbox: OpenInbox
) -> None:
    row_ids = put(inbox, b"a", b"b")
    take(inbox)
    other = open_inbox()

    assert other.depth() == 2
    assert other.pending_bytes() == inbox.pending_bytes() > 0
    since = time.time() - received_at_of(row_ids[0]).timestamp()
    assert 0 <= other.oldest_age() <= since + 1


def test_an_event_loop_waits_without_blocking(inbox: SqliteInbox) -> None:
    async def append_many() -> list[int]:
        return await asyncio.gather(*(inbox.append_soon(message_of(b"x")) for _ in range(300)))

    row_ids = asyncio.run(append_many())

    assert row_ids == sorted(set(row_ids))
    assert inbox.depth() == 300


def test_each_commit_is_announced(path: Path) -> None:
    threads: list[str] = []
    inbox = SqliteInbox(
        path,
        max_bytes=MEBIBYTE,
        spool_bytes=SPOOL_BYTES,
        on_append=lambda: threads.append(threading.current_thread().name),
    )
    put(inbox, b"x")
    put(inbox, b"y")
    inbox.close()

    assert threads == ["inbox", "inbox"]


def test_what_comes_while_a_read_finds_nothing_is_found(path: Path) -> None:
    def append_one() -> None:
        put(late, b"late")

    late = SqliteInbox(path, max_bytes=MEBIBYTE, spool_bytes=SPOOL_BYTES, on_empty=append_one)

    assert bodies_of(take(late)) == [b"late"]
    late.close()


def test_a_message_survives_its_description() -> None:
    message = Message(b"\0" * 16, 1, 2, "store", "br", "", 3, "::1", b"body")

    assert base.decode_meta(base.encode_meta(message), b"body") == message
