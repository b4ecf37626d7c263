"""The SQLite inbox: what is its own beside what every inbox does."""

import os
import time
from contextlib import closing
from pathlib import Path

import pytest

from common.jsonio import dumps, loads
from ingest.inbox import base, schema
from ingest.inbox.base import Message
from ingest.inbox.sqlite import SqliteInbox
from ingest.tests.conftest import OpenFile
from ingest.tests.inboxes import SPOOL_BYTES, bodies_of, eventually, put, take


@pytest.fixture
def inbox(open_file: OpenFile) -> SqliteInbox:
    return open_file()


def test_row_ids_grow_when_the_clock_goes_back(
    inbox: SqliteInbox, open_file: OpenFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = put(inbox, b"a")
    inbox.ack(take(inbox))
    inbox.close()
    monkeypatch.setattr(time, "time_ns", lambda: 1_770_000_000 * 10**9)

    after = put(open_file(), b"b", b"c")

    assert before < after[0] < after[1]


def test_only_one_process_reads(inbox: SqliteInbox, open_file: OpenFile) -> None:
    put(inbox, b"a")
    other = open_file()

    assert len(take(inbox)) == 1
    assert take(other) == []
    inbox.close()
    assert len(take(other)) == 1


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
    inbox: SqliteInbox, path: Path, open_file: OpenFile
) -> None:
    put(inbox, *(b"x" * 900 for _ in range(900)))
    inbox.ack(take(inbox, max_messages=1000))

    def used() -> int:
        return sum(file.stat().st_size for file in (path, Path(f"{path}-wal")))

    assert eventually(lambda: used() <= 100_000)
    with closing(schema.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_message_survives_its_description() -> None:
    message = Message(b"\0" * 16, 1, 2, "store", "br", "", 3, "::1", b"body")

    assert base.decode_meta(base.encode_meta(message), b"body") == message


def test_a_message_of_a_later_version_is_read() -> None:
    message = Message(b"\0" * 16, 1, 2, "store", "br", "", 3, "::1", b"body")
    longer = dumps([*loads(base.encode_meta(message)), "what nobody knows yet"])
    assert base.decode_meta(longer, b"body") == message
