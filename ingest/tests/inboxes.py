"""Inboxes for their tests: each kind opened anew, messages put in and taken out."""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from ingest.inbox.base import Delivery, Inbox, Message, Source
from ingest.inbox.postgres import PostgresInbox
from ingest.inbox.redis_inbox import RedisInbox
from ingest.inbox.sqlite import SqliteInbox

MEBIBYTE = 1 << 20
SPOOL_BYTES = 1000
# How long another reader waits for the messages of one that died, where that is not told at once.
LEASE_S = 1.5
PATIENCE_S = 30.0


class OpenInbox(Protocol):
    """Opens the test's inbox once more, as another process would; options as the class takes."""

    def __call__(self, **options: Any) -> Inbox: ...


def open_inbox_at(place: str, **options: Any) -> Inbox:
    """The inbox at this place: a path, a Redis, or a connection string of PostgreSQL."""
    options = {"max_bytes": MEBIBYTE, **options}
    if place.startswith("redis://"):
        return RedisInbox(place, **{"shards": 4, "lease_s": LEASE_S, **options})
    if not place.startswith("/"):
        return PostgresInbox({"conninfo": place}, lease_s=LEASE_S, **options)
    return SqliteInbox(Path(place), **{"spool_bytes": SPOOL_BYTES, **options})


def source_of(inbox: Inbox) -> Source:
    """Where the messages of message_of come: the only source, or a shard of Redis."""
    return inbox.sources[1 % len(inbox.sources)]


def message_of(body: bytes, receipt: bytes = b"") -> Message:
    return Message(
        receipt=receipt or os.urandom(16),
        project_id=1,
        key_id=2,
        kind="envelope",
        coding="gzip",
        event_id="",
        received_ms=1_800_000_000_000,
        client_ip="203.0.113.7",
        body=body,
    )


def put(inbox: Inbox, *bodies: bytes) -> list[int]:
    futures = [inbox.append(message_of(body)) for body in bodies]
    return [future.result(timeout=PATIENCE_S) for future in futures]


def take(inbox: Inbox, max_messages: int = 100, max_bytes: int = MEBIBYTE) -> list[Delivery]:
    return source_of(inbox).read(max_messages=max_messages, max_bytes=max_bytes, linger_ms=0)


def take_soon(inbox: Inbox, max_messages: int = 100) -> list[Delivery]:
    """As take, once there is something: what a dead reader held comes when its lease is over."""
    found: list[Delivery] = []

    def is_there() -> bool:
        found[:] = take(inbox, max_messages)
        return bool(found)

    assert eventually(is_there)
    return found


def ack(inbox: Inbox, deliveries: Sequence[Delivery]) -> None:
    source_of(inbox).ack(deliveries)


def bodies_of(deliveries: Iterable[Delivery]) -> list[bytes]:
    return [delivery.message.body for delivery in deliveries]


def eventually(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    """Whether it becomes so, given time."""
    deadline = time.monotonic() + patience_s
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_so()
