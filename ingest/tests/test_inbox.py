"""Every inbox: messages come back whole, in order, until they are acknowledged."""

import asyncio
import threading
import time

import pytest

from common.row_ids import received_at_of, row_id_at
from ingest.inbox.base import Delivery, Inbox, InboxFull
from ingest.tests.inboxes import (
    MEBIBYTE,
    OpenInbox,
    ack,
    bodies_of,
    eventually,
    message_of,
    put,
    source_of,
    take,
)


@pytest.fixture
def inbox(open_inbox: OpenInbox) -> Inbox:
    return open_inbox()


def has_room(inbox: Inbox) -> bool:
    try:
        put(inbox, b"one more")
    except InboxFull:
        return False
    return True


def fill(inbox: Inbox) -> None:
    with pytest.raises(InboxFull):
        for _ in range(40):
            put(inbox, *([b"x" * 900] * 50))


def test_messages_come_back_whole_and_in_order(inbox: Inbox) -> None:
    first, second = message_of(b"first"), message_of(b"second")
    row_ids = [inbox.append(first).result(), inbox.append(second).result()]

    assert take(inbox) == [Delivery(row_ids[0], first, 1), Delivery(row_ids[1], second, 1)]
    assert row_ids[0] < row_ids[1]


def test_row_ids_are_unique_over_processes(inbox: Inbox, open_inbox: OpenInbox) -> None:
    other = open_inbox()
    row_ids = [row_id for _ in range(20) for one in (inbox, other) for row_id in put(one, b"x")]

    assert row_ids == sorted(set(row_ids))
    assert [delivery.row_id for delivery in take(inbox)] == row_ids


def test_what_is_acknowledged_is_gone(inbox: Inbox, open_inbox: OpenInbox) -> None:
    put(inbox, b"a", b"b", b"c")
    ack(inbox, take(inbox))

    assert take(inbox) == []
    assert (inbox.depth(), inbox.pending_bytes(), inbox.oldest_age()) == (0, 0, 0.0)
    inbox.close()
    assert take(open_inbox()) == []


def test_what_is_not_acknowledged_comes_again(inbox: Inbox) -> None:
    put(inbox, b"a", b"b", b"c")
    deliveries = take(inbox)
    ack(inbox, deliveries[:1])

    again = take(inbox)

    assert again == deliveries[1:]
    ack(inbox, again)
    assert inbox.depth() == 0


def test_reads_go_on_where_the_last_one_ended(inbox: Inbox) -> None:
    put(inbox, *(b"%d" % number for number in range(7)))
    found: list[bytes] = []
    while batch := take(inbox, max_messages=3):
        assert len(batch) <= 3
        found += bodies_of(batch)
        ack(inbox, batch)

    assert found == [b"%d" % number for number in range(7)]


def test_a_batch_is_bounded_in_bytes_but_holds_one(inbox: Inbox) -> None:
    put(inbox, b"a" * 400, b"b" * 400, b"c" * 5000)
    sizes = []
    while batch := take(inbox, max_bytes=2000):
        sizes.append(len(batch))
        ack(inbox, batch)

    assert sizes == [2, 1]


def test_a_read_lingers_for_more(inbox: Inbox) -> None:
    put(inbox, b"a")
    late = threading.Timer(0.05, put, (inbox, b"b"))
    late.start()

    batch = source_of(inbox).read(max_messages=2, max_bytes=MEBIBYTE, linger_ms=1000)
    late.join()

    assert bodies_of(batch) == [b"a", b"b"]


def test_closing_gives_messages_back_without_a_crash(inbox: Inbox, open_inbox: OpenInbox) -> None:
    put(inbox, b"a", b"b")
    assert len(take(inbox, max_messages=1)) == 1
    inbox.close()

    again = open_inbox()
    found = []
    while batch := take(again):
        found += [(delivery.message.body, delivery.deliveries) for delivery in batch]
        ack(again, batch)

    assert found == [(b"a", 1), (b"b", 1)]


def test_what_is_given_back_comes_again_with_the_same_count(
    inbox: Inbox, open_inbox: OpenInbox
) -> None:
    put(inbox, b"a", b"b")
    taken = take(inbox)

    source_of(inbox).give_back()

    assert take(inbox) == taken


def test_a_full_inbox_says_so_until_it_is_read(inbox: Inbox) -> None:
    fill(inbox)

    assert eventually(lambda: inbox.pending_bytes() == pytest.approx(MEBIBYTE, rel=0.01))

    ack(inbox, take(inbox, max_messages=10))

    assert eventually(lambda: has_room(inbox))


def test_a_full_inbox_notices_another_process_reading(inbox: Inbox, open_inbox: OpenInbox) -> None:
    fill(inbox)
    reader = open_inbox()
    ack(reader, take(reader, max_messages=10))

    assert eventually(lambda: has_room(inbox))


def test_depth_and_age_can_be_read_beside_the_owner(inbox: Inbox, open_inbox: OpenInbox) -> None:
    row_ids = put(inbox, b"a", b"b")
    take(inbox)
    other = open_inbox()

    assert other.depth() == 2
    assert other.pending_bytes() == inbox.pending_bytes() > 0
    since = time.time() - received_at_of(row_ids[0]).timestamp()
    assert 0 <= other.oldest_age() <= since + 1


def test_an_event_loop_waits_without_blocking(inbox: Inbox) -> None:
    async def append_many() -> list[int]:
        return await asyncio.gather(*(inbox.append_soon(message_of(b"x")) for _ in range(300)))

    row_ids = asyncio.run(append_many())

    assert len(set(row_ids)) == 300
    assert inbox.depth() == 300


def test_a_row_id_tells_when_the_message_came(inbox: Inbox) -> None:
    before = time.time_ns() // 1_000_000
    (row_id,) = put(inbox, b"a")

    assert row_id_at(before) <= row_id <= row_id_at(time.time_ns() // 1_000_000) + 4095


def test_appends_are_announced(open_inbox: OpenInbox) -> None:
    told: list[int] = []
    inbox = open_inbox(on_append=told.append)
    put(inbox, b"x")
    put(inbox, b"y")
    inbox.close()

    # Redis asks for one wake-up, the others for one a commit.
    assert set(told) == {source_of(inbox).number}


def test_what_comes_while_a_read_finds_nothing_is_found(open_inbox: OpenInbox) -> None:
    def append_one(source: int) -> None:
        put(late, b"late")

    late: Inbox = open_inbox(on_empty=append_one)

    assert bodies_of(take(late)) == [b"late"]


def test_its_state_tells_what_waits(inbox: Inbox) -> None:
    put(inbox, b"a", b"b")

    (state,) = inbox.state()

    assert (state.error, state.depth, state.bytes) == ("", 2, inbox.pending_bytes())
    assert 0 <= state.oldest_age_s < 60
    assert not state.warnings
