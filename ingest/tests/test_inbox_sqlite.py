"""The SQLite inbox: what it answered for is there, in order, until it is acknowledged."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from common.row_ids import received_at_of, row_id_at
from ingest.inbox import base, schema
from ingest.inbox.base import Delivery, InboxFull, InboxUnavailable, Message
from ingest.inbox.sqlite import SqliteInbox
from ingest.inbox.writer import TIDY_PAUSE_S
from ingest.tests.inbox_process import message_of

MEBIBYTE = 1 << 20
SPOOL_BYTES = 1000
OpenInbox = Callable[[], SqliteInbox]


@pytest.fixture
def path(tmp_path: Path) -> Path:
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


@pytest.fixture
def inbox(open_inbox: OpenInbox) -> SqliteInbox:
    return open_inbox()


def put(inbox: SqliteInbox, *bodies: bytes) -> list[int]:
    futures = [inbox.append(message_of(body)) for body in bodies]
    return [future.result(timeout=10) for future in futures]


def take(inbox: SqliteInbox, max_messages: int = 100, max_bytes: int = MEBIBYTE) -> list[Delivery]:
    return inbox.read(max_messages=max_messages, max_bytes=max_bytes, linger_ms=0)


def bodies_of(deliveries: list[Delivery]) -> list[bytes]:
    return [delivery.message.body for delivery in deliveries]


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


def run_process(path: Path, command: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "ingest.tests.inbox_process", str(path), command],
        stdout=subprocess.PIPE,
        text=True,
    )


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return str(process.stdout.readline()).strip()


def kill(process: "subprocess.Popen[str]") -> str:
    """Kill it as a power cut would, and return the rest of what it wrote."""
    process.kill()
    output, _ = process.communicate()
    return output


def test_a_killed_reader_is_counted(path: Path, open_inbox: OpenInbox) -> None:
    inbox = open_inbox()
    put(inbox, *(b"%d" % number for number in range(64)))
    inbox.close()

    held = []
    for _ in range(5):
        process = run_process(path, "hold")
        held.append(first_line(process))
        kill(process)

    # Fewer each time: the message that kills its readers ends alone.
    assert held == ["64 1", "8 2", "1 3", "1 4", "1 5"]
    after = open_inbox()
    found = []
    while batch := take(after, max_messages=64):
        found += [(int(d.message.body), d.deliveries) for d in batch]
        after.ack(batch)
    assert [number for number, _ in found] == list(range(64))
    assert found[0] == (0, 6)
    assert {deliveries for number, deliveries in found if 1 <= number < 8} == {3}
    assert {deliveries for number, deliveries in found if number >= 8} == {2}


def test_what_a_killed_process_answered_for_is_there(path: Path, open_inbox: OpenInbox) -> None:
    process = run_process(path, "append")
    answered = [first_line(process) for _ in range(20)]
    # The last line may have been cut.
    answered += kill(process).splitlines()[:-1]
    row_ids = {int(row_id) for line in answered for row_id in line.split()}

    inbox = open_inbox()
    found: dict[int, int] = {}
    while batch := take(inbox):
        found.update({d.row_id: len(d.message.body) for d in batch})
        inbox.ack(batch)

    assert row_ids <= found.keys()
    assert set(found.values()) == {10, 6_000, 120_000}
    assert len(found) >= 80


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


def test_an_orphaned_body_is_swept_when_it_is_old(
    inbox: SqliteInbox, open_inbox: OpenInbox, path: Path
) -> None:
    put(inbox, b"x" * 2000)
    inbox.close()
    spool = path.with_suffix(".spool")
    (kept,) = spool.iterdir()
    os.utime(kept, (0, 0))
    (spool / "old").write_bytes(b"left by a crash")
    os.utime(spool / "old", (0, 0))
    (spool / "new").write_bytes(b"being appended")

    assert len(take(open_inbox())) == 1

    assert {file.name for file in spool.iterdir()} == {kept.name, "new"}


def test_a_body_whose_file_is_gone_is_empty(inbox: SqliteInbox, path: Path) -> None:
    put(inbox, b"x" * 2000)
    for file in path.with_suffix(".spool").iterdir():
        file.unlink()

    assert bodies_of(take(inbox)) == [b""]


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


def test_a_client_that_left_spoils_nothing(inbox: SqliteInbox) -> None:
    async def leave_and_stay() -> int:
        left, stays = (inbox.append_soon(message_of(b"x")) for _ in range(2))
        left.cancel()
        return await stays

    assert asyncio.run(leave_and_stay()) > 0
    assert inbox.depth() == 2


def test_a_loop_that_ended_spoils_nothing(inbox: SqliteInbox) -> None:
    async def leave() -> None:
        inbox.append_soon(message_of(b"x"))

    asyncio.run(leave())
    put(inbox, b"y")
    assert inbox.depth() == 2


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


def test_a_disk_that_refuses_makes_the_inbox_unavailable(tmp_path: Path) -> None:
    inbox = SqliteInbox(tmp_path / "no" / "inbox.sqlite3", max_bytes=MEBIBYTE, spool_bytes=1000)
    with pytest.raises(InboxUnavailable):
        put(inbox, b"x")
    with pytest.raises(InboxUnavailable):
        put(inbox, b"x" * 2000)
    with pytest.raises(InboxUnavailable):
        take(inbox)
    with pytest.raises(InboxUnavailable):
        inbox.depth()

    (tmp_path / "no").mkdir()

    put(inbox, b"x", b"y" * 2000)
    assert len(take(inbox)) == 2
    inbox.close()


def test_a_full_disk_refuses_and_keeps_what_it_answered_for(inbox: SqliteInbox) -> None:
    answered = put(inbox, b"kept")
    connection = inbox._writer._connect()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    # SQLite's own limit fails as a full disk does.
    connection.execute(f"PRAGMA max_page_count={pages}")

    futures = [inbox.append(message_of(b"x" * 900)) for _ in range(100)]
    errors = [future.exception(timeout=10) for future in futures]
    answered += [future.result() for future in futures if not future.exception()]
    answered += put(inbox, b"after")

    assert {str(error) for error in errors} >= {"database or disk is full"}
    assert {type(error) for error in errors} <= {InboxUnavailable, type(None)}
    assert [delivery.row_id for delivery in take(inbox, max_messages=200)] == answered


def test_a_file_of_another_version_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=999")
    inbox = SqliteInbox(path, max_bytes=MEBIBYTE, spool_bytes=SPOOL_BYTES)

    with pytest.raises(InboxUnavailable, match="version 999"):
        put(inbox, b"x")
    inbox.close()


def test_a_message_survives_its_description() -> None:
    message = Message(b"\0" * 16, 1, 2, "store", "br", "", 3, "::1", b"body")

    assert base.decode_meta(base.encode_meta(message), b"body") == message
