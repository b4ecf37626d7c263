"""The Redis inbox when its server dies, hangs, is full or read-only."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from redis import Redis

from ingest.inbox import redis_inbox, redis_writer
from ingest.inbox.base import InboxUnavailable
from ingest.inbox.redis_inbox import RedisInbox
from ingest.tests.inboxes import (
    LEASE_S,
    MEBIBYTE,
    ack,
    bodies_of,
    message_of,
    put,
    source_of,
    take,
    take_soon,
)
from tests.needs import Missing, leave_out
from tests.servers import OwnRedis, own_redis

pytestmark = pytest.mark.redis

TIMEOUT_S = 0.5


@pytest.fixture
def server() -> Iterator[OwnRedis]:
    """A server that a test may kill."""
    try:
        with own_redis() as server:
            yield server
    except Missing as missing:
        leave_out(str(missing))


@pytest.fixture
def inbox(server: OwnRedis, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisInbox]:
    """An inbox that has little patience."""
    monkeypatch.setattr(redis_writer, "ANSWER_TIMEOUT_S", TIMEOUT_S)
    monkeypatch.setattr(redis_inbox, "READ_TIMEOUT_S", TIMEOUT_S)
    inbox = RedisInbox(server.url(), shards=4, max_bytes=MEBIBYTE, lease_s=LEASE_S)
    yield inbox
    inbox.close()


def test_a_killed_server_has_all_that_was_answered_for(server: OwnRedis, inbox: RedisInbox) -> None:
    row_ids = put(inbox, *(b"%d" % number * 5000 for number in range(20)))
    ack(inbox, take(inbox, max_messages=5))
    held = take(inbox, max_messages=5)

    server.kill()
    with pytest.raises(InboxUnavailable):
        put(inbox, b"x")
    with pytest.raises(InboxUnavailable):
        ack(inbox, held)
    with pytest.raises(InboxUnavailable):
        inbox.depth()
    server.start()

    # At once, and without a failure on a connection that had been open before.
    row_ids += put(inbox, b"after")
    assert take(inbox) == held
    ack(inbox, held)
    assert [d.row_id for d in held + take(inbox)] == row_ids[5:]


def test_an_idle_connection_that_was_cut_fails_nothing(server: OwnRedis, inbox: RedisInbox) -> None:
    put(inbox, b"a")
    server.kill()
    server.start()

    put(inbox, b"b")

    assert bodies_of(take(inbox)) == [b"a", b"b"]


def test_a_server_that_hangs_is_given_up(server: OwnRedis, inbox: RedisInbox) -> None:
    put(inbox, b"before")
    server.pause()
    try:
        with pytest.raises(InboxUnavailable):
            put(inbox, b"meanwhile")
        (state,) = inbox.state()
    finally:
        server.resume()

    assert state.error
    assert put(inbox, b"after")
    assert {b"before", b"after"} <= set(bodies_of(take(inbox)))


def test_what_an_unheard_answer_gave_comes_with_the_same_count(
    server: OwnRedis, inbox: RedisInbox
) -> None:
    put(inbox, b"a", b"b")
    assert len(take(inbox, max_messages=1)) == 1
    ack(inbox, take(inbox, max_messages=1))
    server.pause()
    try:
        with pytest.raises(InboxUnavailable):
            take(inbox)
    finally:
        # It now does what it was asked, though nobody hears of it.
        server.resume()

    found = take_soon(inbox)

    assert [(delivery.message.body, delivery.deliveries) for delivery in found] == [(b"b", 1)]


def test_what_could_not_be_given_back_goes_to_others(server: OwnRedis, inbox: RedisInbox) -> None:
    put(inbox, b"a")
    assert take(inbox)
    server.kill()
    with pytest.raises(InboxUnavailable):
        source_of(inbox).give_back()
    server.start()

    with closing(RedisInbox(server.url(), shards=4, max_bytes=MEBIBYTE, lease_s=LEASE_S)) as other:
        found = take_soon(other)

    assert [(delivery.message.body, delivery.deliveries) for delivery in found] == [(b"a", 1)]


@pytest.mark.parametrize(
    ("command", "back", "words"),
    [
        (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0"), "maxmemory"),
        (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE"), "read only"),
    ],
)
def test_a_server_that_refuses_is_unavailable(
    server: OwnRedis,
    inbox: RedisInbox,
    command: tuple[str, ...],
    back: tuple[str, ...],
    words: str,
) -> None:
    put(inbox, b"before")
    with Redis.from_url(server.url()) as client:
        client.execute_command(*command)
        with pytest.raises(InboxUnavailable, match=words):
            put(inbox, b"meanwhile")
        (refusing,) = inbox.state()
        client.execute_command(*back)

    put(inbox, b"after")

    assert (refusing.error, refusing.depth, len(refusing.warnings)) == ("", 1, 1)
    assert "waits in PostgreSQL" in refusing.warnings[0]
    assert bodies_of(take(inbox)) == [b"before", b"after"]


def test_a_script_that_was_forgotten_is_sent_again(server: OwnRedis, inbox: RedisInbox) -> None:
    put(inbox, b"a")
    with Redis.from_url(server.url()) as client:
        client.script_flush()

    put(inbox, b"b")

    assert bodies_of(take(inbox)) == [b"a", b"b"]


class Contended(deque[Any]):
    """Idle connections, the last of which another thread takes after each look."""

    def __bool__(self) -> bool:
        is_one_left = len(self) > 0
        self.clear()
        return is_one_left


def test_threads_that_find_the_server_gone_together_close_together(inbox: RedisInbox) -> None:
    put(inbox, b"a")
    inbox._writer._idle = Contended(inbox._writer._idle)

    inbox._writer.close()

    assert len(inbox._writer._idle) == 0


def test_whoever_waits_hears_of_a_fault_of_ours(
    inbox: RedisInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> int:
        raise RuntimeError("nobody expected this")

    monkeypatch.setattr(inbox._writer, "append", fail)

    async def append() -> int:
        async with asyncio.timeout(30):
            return await inbox.append_soon(message_of(b"x"))

    with pytest.raises(RuntimeError, match="nobody expected"):
        asyncio.run(append())
