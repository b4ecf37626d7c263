"""The SQLite inbox under faults: whatever it answered for is there."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ingest.inbox.base import InboxUnavailable
from ingest.inbox.sqlite import SqliteInbox
from ingest.tests.conftest import OpenFile
from ingest.tests.inboxes import MEBIBYTE, SPOOL_BYTES, bodies_of, message_of, put, take
from ingest.tests.test_inbox_kills import first_line, kill, run_process


@pytest.fixture
def inbox(open_file: OpenFile) -> SqliteInbox:
    return open_file()


def test_an_orphaned_body_is_swept_when_it_is_old(
    inbox: SqliteInbox, open_file: OpenFile, path: Path
) -> None:
    put(inbox, b"x" * 2000)
    inbox.close()
    spool = path.with_suffix(".spool")
    (kept,) = spool.iterdir()
    os.utime(kept, (0, 0))
    (spool / "old").write_bytes(b"left by a crash")
    os.utime(spool / "old", (0, 0))
    (spool / "new").write_bytes(b"being appended")

    assert len(take(open_file())) == 1

    assert {file.name for file in spool.iterdir()} == {kept.name, "new"}


def test_a_body_whose_file_is_gone_is_empty(inbox: SqliteInbox, path: Path) -> None:
    put(inbox, b"x" * 2000)
    for file in path.with_suffix(".spool").iterdir():
        file.unlink()

    assert bodies_of(take(inbox)) == [b""]


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


def take_while_locked(inbox: SqliteInbox, path: Path) -> None:
    """Read once while another process writes, without the usual patience."""
    inbox._writer._connect().execute("PRAGMA busy_timeout=0")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InboxUnavailable, match="locked"):
            take(inbox)


def test_a_claim_that_fails_skips_no_message(inbox: SqliteInbox, path: Path) -> None:
    put(inbox, b"first")
    inbox.ack(take(inbox))
    put(inbox, b"second", b"third")

    take_while_locked(inbox, path)

    assert bodies_of(take(inbox)) == [b"second", b"third"]


def test_a_claim_that_fails_skips_nothing_of_a_dead_reader(open_file: OpenFile, path: Path) -> None:
    inbox = open_file()
    put(inbox, *(b"%d" % number for number in range(64)))
    inbox.close()
    process = run_process(str(path), "hold")
    first_line(process)
    kill(process)
    after = open_file()
    after.ack(take(after, max_messages=64))

    take_while_locked(after, path)

    assert bodies_of(take(after, max_messages=64))[0] == b"8"


def test_a_first_read_that_fails_lets_the_next_one_read(inbox: SqliteInbox, path: Path) -> None:
    put(inbox, b"x")

    take_while_locked(inbox, path)

    assert bodies_of(take(inbox)) == [b"x"]


def test_a_body_that_cannot_be_read_skips_no_message(inbox: SqliteInbox, path: Path) -> None:
    put(inbox, b"small", b"x" * 2000, b"last")
    (file,) = path.with_suffix(".spool").iterdir()
    aside = file.rename(path.parent / "aside")
    file.mkdir()

    with pytest.raises(InboxUnavailable):
        take(inbox)
    file.rmdir()
    aside.rename(file)

    assert bodies_of(take(inbox)) == [b"small", b"x" * 2000, b"last"]


def test_a_body_whose_append_fails_leaves_no_file(inbox: SqliteInbox, path: Path) -> None:
    put(inbox, b"x" * 2000)
    inbox._writer._connect().execute("PRAGMA query_only=1")

    with pytest.raises(InboxUnavailable):
        put(inbox, b"y" * 2000)

    assert bodies_of(take(inbox)) == [b"x" * 2000]
    assert len(list(path.with_suffix(".spool").iterdir())) == 1


def test_depth_does_not_wait_for_a_writer(inbox: SqliteInbox, path: Path) -> None:
    put(inbox, b"x")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert inbox.depth() == 1
