"""The Redis inbox: what is its own beside what every inbox does."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError
from redis import Redis

from common.row_ids import EPOCH_MS, SEQUENCE_BITS, received_at_of, row_id_of
from ingest.digest import loop
from ingest.inbox.base import Delivery, InboxFull, Source
from ingest.inbox.redis_durability import warnings_of
from ingest.inbox.redis_inbox import INLINE_BYTES, RedisInbox
from ingest.inbox.redis_store import GROUP, key
from ingest.tests.inboxes import (
    LEASE_S,
    MEBIBYTE,
    ack,
    bodies_of,
    eventually,
    message_of,
    put,
    take,
)
from ingest.tests.messages import make_event, make_message, make_project
from tests.servers import OwnRedis

pytestmark = pytest.mark.redis

SHARD = 2
OpenRedis = Callable[..., RedisInbox]


@pytest.fixture
def client(redis_server: OwnRedis) -> Iterator[Redis]:
    """What Redis holds, seen by a person."""
    with Redis.from_url(redis_server.url(), decode_responses=True) as client:
        yield client


@pytest.fixture
def open_redis(redis_server: OwnRedis) -> Iterator[OpenRedis]:
    """Opens the same inbox again, as another process would."""
    opened: list[RedisInbox] = []

    def open_one(**options: Any) -> RedisInbox:
        given = {"shards": 4, "max_bytes": MEBIBYTE, "lease_s": LEASE_S, **options}
        opened.append(RedisInbox(redis_server.url(), **given))
        return opened[-1]

    yield open_one
    for inbox in opened:
        inbox.close()


@pytest.fixture
def inbox(open_redis: OpenRedis) -> RedisInbox:
    return open_redis()


def put_for(inbox: RedisInbox, project_id: int, body: bytes = b"x") -> int:
    message = replace(message_of(body), project_id=project_id)
    return inbox.append(message).result()


def read(source: Source, max_messages: int = 100) -> list[bytes]:
    return bodies_of(source.read(max_messages=max_messages, max_bytes=MEBIBYTE, linger_ms=0))


def slot_of(row_id: int) -> int:
    ms = int(received_at_of(row_id).timestamp() * 1000) - EPOCH_MS
    return (ms << SEQUENCE_BITS) + row_id % (1 << SEQUENCE_BITS)


def test_row_ids_go_on_when_the_clock_goes_back(inbox: RedisInbox, client: Redis) -> None:
    (first,) = put(inbox, b"a")
    an_hour_ahead = slot_of(first) + (3_600_000 << SEQUENCE_BITS)
    client.hset(key(SHARD, "state"), "slot", an_hour_ahead)

    # More of them than a millisecond has numbers.
    row_ids = put(inbox, *[b"b"] * 150)

    assert row_ids == [row_id_of(an_hour_ahead + 1 + i, SHARD) for i in range(150)]


def test_projects_spread_over_the_shards(inbox: RedisInbox) -> None:
    row_ids = [put_for(inbox, project_id) for project_id in (3, 4, 5, 7)]

    assert [row_id >> SEQUENCE_BITS & 63 for row_id in row_ids] == [4, 1, 2, 4]
    assert [len(read(source)) for source in inbox.sources[:5]] == [1, 1, 0, 2, 0]


def test_fewer_shards_later_leave_nothing_behind(open_redis: OpenRedis) -> None:
    put_for(open_redis(shards=32), 31)
    fewer = open_redis(shards=1)

    assert fewer.depth() == 1
    assert [found for source in fewer.sources if (found := read(source))] == [[b"x"]]


def test_readers_of_one_shard_get_different_messages(
    inbox: RedisInbox, open_redis: OpenRedis
) -> None:
    put(inbox, *(b"%d" % number for number in range(6)))
    other = open_redis()

    assert bodies_of(take(inbox, max_messages=3)) == [b"0", b"1", b"2"]
    assert bodies_of(take(other, max_messages=3)) == [b"3", b"4", b"5"]


def test_a_second_acknowledgement_does_no_harm(inbox: RedisInbox, open_redis: OpenRedis) -> None:
    put(inbox, b"a", b"b" * 500)
    first, second = take(inbox)
    ack(inbox, [first])
    left_bytes = inbox.pending_bytes()

    ack(inbox, [first])
    ack(open_redis(), [first])

    assert (inbox.depth(), inbox.pending_bytes()) == (1, left_bytes)
    assert take(inbox) == [second]


def test_a_large_body_lies_beside_the_stream(inbox: RedisInbox, client: Redis) -> None:
    large = b"x" * (INLINE_BYTES + 1)
    row_id, _ = put(inbox, large, b"small")

    assert client.hgetall(key(SHARD, "bodies")) == {str(row_id): large.decode()}
    assert inbox.pending_bytes() > len(large)
    deliveries = take(inbox)
    assert bodies_of(deliveries) == [large, b"small"]
    ack(inbox, deliveries)
    assert (client.exists(key(SHARD, "bodies")), inbox.pending_bytes()) == (0, 0)


def test_a_body_that_is_gone_is_empty(inbox: RedisInbox, client: Redis) -> None:
    put(inbox, b"x" * (INLINE_BYTES + 1))
    client.delete(key(SHARD, "bodies"))

    deliveries = take(inbox)
    assert bodies_of(deliveries) == [b""]
    ack(inbox, deliveries)
    assert inbox.pending_bytes() == 0


def test_what_is_beyond_a_batch_waits_and_is_given_back(
    inbox: RedisInbox, open_redis: OpenRedis
) -> None:
    put(inbox, *(b"%d" % number * 400 for number in range(4)))

    assert len(take(inbox, max_bytes=1200)) == 2
    inbox.close()

    again = take(open_redis())
    assert [(delivery.message.body[:1], delivery.deliveries) for delivery in again] == [
        (b"%d" % number, 1) for number in range(4)
    ]


def test_all_shards_share_one_bound(inbox: RedisInbox, open_redis: OpenRedis) -> None:
    body = b"x" * 30_000
    with pytest.raises(InboxFull):
        for _ in range(60):
            put_for(inbox, 1, body)

    with pytest.raises(InboxFull):
        put_for(open_redis(), 2, body)
    assert inbox.pending_bytes() <= MEBIBYTE


def test_a_group_that_vanished_is_made_again(inbox: RedisInbox, client: Redis) -> None:
    put(inbox, b"a")
    ack(inbox, take(inbox))
    put(inbox, b"b")

    client.xgroup_destroy(key(SHARD, "stream"), GROUP)
    assert bodies_of(take(inbox)) == [b"b"]

    client.flushall()
    ack(inbox, take(inbox))
    assert take(inbox) == []
    put(inbox, b"c")
    assert bodies_of(take(inbox)) == [b"c"]
    assert inbox.pending_bytes() > 0


def test_a_living_reader_keeps_what_it_holds(inbox: RedisInbox, open_redis: OpenRedis) -> None:
    put(inbox, b"a")
    held = take(inbox)
    other = open_redis()

    # Several leases long.
    assert not eventually(lambda: bool(take(other)), patience_s=3 * LEASE_S)

    assert take(inbox) == held


@pytest.mark.django_db
def test_a_digest_that_fails_gives_its_batch_back(
    inbox: RedisInbox, open_redis: OpenRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(loop, "write_batch", refuse)
    monkeypatch.setattr(loop, "BACK_OFF_S", ())
    message = make_message(make_project(), make_event())
    row_id = inbox.append(message).result()
    shard = (row_id >> SEQUENCE_BITS) % 64 - 1

    with pytest.raises(OperationalError):
        loop.drain(inbox.sources[shard], 30)

    source = open_redis().sources[shard]
    assert source.read(max_messages=9, max_bytes=MEBIBYTE, linger_ms=0) == [
        Delivery(row_id, message, 1)
    ]


def test_one_wake_up_is_outstanding_over_all_processes(open_redis: OpenRedis) -> None:
    told: list[int] = []
    one, two = (open_redis(on_append=told.append) for _ in range(2))
    put(one, b"a")
    put(two, b"b", b"c")
    assert told == [SHARD]

    ack(two, take(two))
    assert take(two) == []
    put(one, b"d")
    assert told == [SHARD, SHARD]


def test_a_full_batch_asks_for_another_worker(inbox: RedisInbox, open_redis: OpenRedis) -> None:
    put(inbox, b"a", b"b", b"c")
    told: list[int] = []
    worker = open_redis(on_append=told.append)

    ack(worker, take(worker, max_messages=2))
    put(inbox, b"d")
    take(worker, max_messages=2)

    # Not for every full batch.
    assert told == [SHARD]


def test_who_reads_needs_no_wake_up(open_redis: OpenRedis, client: Redis) -> None:
    told: list[int] = []
    inbox = open_redis(on_append=told.append)
    put(inbox, b"a")
    # As if the wake-up had come a second ago.
    client.delete(key(SHARD, "woken"))

    take(inbox)
    put(inbox, b"b")

    assert told == [SHARD]


def test_readers_that_ended_leave_no_consumer(inbox: RedisInbox, client: Redis) -> None:
    put(inbox, b"a")
    ack(inbox, take(inbox))
    assert len(client.xinfo_consumers(key(SHARD, "stream"), GROUP)) == 1

    inbox.close()

    assert client.xinfo_consumers(key(SHARD, "stream"), GROUP) == []


def test_an_unused_shard_stays_unused(inbox: RedisInbox, client: Redis) -> None:
    for source in inbox.sources:
        assert read(source) == []
    assert client.keys() == []


def test_settings_that_lose_messages_are_told(open_redis: OpenRedis, client: Redis) -> None:
    assert open_redis().warnings() == []
    client.config_set("appendfsync", "everysec")
    try:
        (state,) = open_redis().state()
    finally:
        client.config_set("appendfsync", "always")

    assert state.warnings == [
        "Redis runs with appendfsync everysec: a power cut loses messages that were answered for."
        " Set it to always."
    ]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"appendonly": "no"}, "appendonly no"),
        ({"maxmemory": "1000", "maxmemory-policy": "allkeys-lru"}, "maxmemory-policy allkeys-lru"),
        (None, "does not tell"),
    ],
)
def test_each_fault_of_the_settings_has_a_sentence(
    settings: dict[str, str] | None, words: str
) -> None:
    good = {
        "appendonly": "yes",
        "appendfsync": "always",
        "maxmemory": "0",
        "maxmemory-policy": "noeviction",
    }
    (sentence,) = warnings_of(settings and {**good, **settings})

    assert words in sentence
    assert warnings_of(good) == []
