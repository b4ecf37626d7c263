"""The PostgreSQL inbox: what is its own beside what every inbox does."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from common.row_ids import SEQUENCE_BITS
from ingest.inbox.base import InboxFull, InboxUnavailable
from ingest.inbox.postgres import PostgresInbox
from ingest.inbox.postgres_writer import MAX_PART_BYTES
from ingest.tests.inboxes import LEASE_S, MEBIBYTE, bodies_of, eventually, put, take
from tests.servers import DATABASE, OwnPostgres

Open = Callable[..., PostgresInbox]


@pytest.fixture
def open_table(postgres_server: OwnPostgres) -> Iterator[Open]:
    """Opens the same inbox again, as another process would."""
    opened: list[PostgresInbox] = []
    params = {"conninfo": postgres_server.url(DATABASE)}

    def open_one(max_bytes: int = 100 * MEBIBYTE) -> PostgresInbox:
        opened.append(PostgresInbox(params, max_bytes=max_bytes, lease_s=LEASE_S))
        return opened[-1]

    yield open_one
    for inbox in opened:
        inbox.close()


def cut_connections(server: OwnPostgres) -> None:
    """End all connections to the inbox, as a restart of the server does."""
    server.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = '{DATABASE}' AND pid <> pg_backend_pid()"
    )


@pytest.fixture
def inbox(open_table: Open) -> PostgresInbox:
    return open_table()


def test_two_readers_get_different_messages(inbox: PostgresInbox, open_table: Open) -> None:
    put(inbox, b"a", b"b", b"c", b"d")
    other = open_table()

    assert bodies_of(take(inbox, max_messages=2)) == [b"a", b"b"]
    assert bodies_of(take(other)) == [b"c", b"d"]


def test_a_reader_that_works_long_keeps_its_batch(inbox: PostgresInbox, open_table: Open) -> None:
    put(inbox, b"a", b"b")
    held = take(inbox)
    time.sleep(2 * LEASE_S)

    assert take(open_table()) == []
    assert take(inbox) == held


def test_a_reader_that_lost_its_connection_keeps_its_batch(
    inbox: PostgresInbox, open_table: Open, postgres_server: OwnPostgres
) -> None:
    put(inbox, b"a")
    held = take(inbox)
    cut_connections(postgres_server)
    time.sleep(2 * LEASE_S)

    assert take(open_table()) == []
    assert take(inbox) == held
    inbox.ack(held)
    assert inbox.depth() == 0


def test_connections_of_an_idle_inbox_are_given_back(
    inbox: PostgresInbox, postgres_server: OwnPostgres
) -> None:
    put(inbox, b"a")
    inbox.ack(take(inbox))

    def connections() -> object:
        ((count,),) = postgres_server.query(
            f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{DATABASE}'"
        )
        return count

    # The one that asks.
    assert eventually(lambda: connections() == 1)
    put(inbox, b"b")
    assert bodies_of(take(inbox)) == [b"b"]


def test_an_inbox_that_was_full_in_an_outage_takes_messages_after_it(
    open_table: Open, postgres_server: OwnPostgres
) -> None:
    small = open_table(max_bytes=2000)
    put(small, b"x" * 1500)
    cut_connections(postgres_server)
    # Others digest meanwhile; this process, which never reads, must find out.
    postgres_server.query("DELETE FROM ingest_inbox")

    def takes_one() -> bool:
        with suppress(InboxFull, InboxUnavailable):
            put(small, b"y" * 1500)
        return small.depth() > 0

    assert eventually(takes_one)


def test_bodies_larger_than_a_statement_carries_are_taken(inbox: PostgresInbox) -> None:
    bodies = [bytes([number]) * (MAX_PART_BYTES // 2) for number in range(5)]
    put(inbox, *bodies)
    found = []
    while batch := take(inbox):
        found += bodies_of(batch)
        inbox.ack(batch)

    assert found == bodies


def test_ids_grow_when_the_server_s_clock_goes_back(
    postgres_server: OwnPostgres, inbox: PostgresInbox
) -> None:
    """What an hour ahead gave is remembered by the sequence, also when the table is empty."""
    put(inbox, b"x")
    an_hour = 3_600_000 << SEQUENCE_BITS
    postgres_server.query(
        f"SELECT setval('ingest_inbox_slot', last_value + {an_hour}) FROM ingest_inbox_slot"
    )
    (last,) = put(inbox, b"ahead")
    postgres_server.query("DELETE FROM ingest_inbox")

    following = put(inbox, *(b"y" for _ in range(200)))

    assert following == sorted(set(following))
    assert last < following[0]


def test_large_bodies_come_one_by_one(inbox: PostgresInbox) -> None:
    put(inbox, *(bytes([number]) * 200_000 for number in range(4)))
    sizes = []
    while batch := take(inbox, max_bytes=300_000):
        sizes.append(len(batch))
        inbox.ack(batch)

    assert sizes == [1, 1, 1, 1]
