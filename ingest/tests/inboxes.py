"""Putting messages into an inbox and taking them out, for its tests."""

from collections.abc import Callable

from ingest.inbox.base import Delivery
from ingest.inbox.sqlite import SqliteInbox
from ingest.tests.inbox_process import message_of

MEBIBYTE = 1 << 20
SPOOL_BYTES = 1000
OpenInbox = Callable[[], SqliteInbox]


def put(inbox: SqliteInbox, *bodies: bytes) -> list[int]:
    futures = [inbox.append(message_of(body)) for body in bodies]
    return [future.result(timeout=10) for future in futures]


def take(inbox: SqliteInbox, max_messages: int = 100, max_bytes: int = MEBIBYTE) -> list[Delivery]:
    return inbox.read(max_messages=max_messages, max_bytes=max_bytes, linger_ms=0)


def bodies_of(deliveries: list[Delivery]) -> list[bytes]:
    return [delivery.message.body for delivery in deliveries]
