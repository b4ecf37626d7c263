"""What an inbox holds and does, whichever store it is built on."""

import asyncio
import concurrent.futures
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from common.jsonio import dumps, loads

Kind = Literal["envelope", "store"]

# The fifth delivery quarantines a message unparsed, so that a crash cannot loop.
MAX_DELIVERIES = 5


@dataclass(frozen=True, slots=True)
class Message:
    """One accepted request.

    receipt:     16 random bytes, made before the first append; every copy carries them.
    key_id:      the primary key of the ProjectKey it came with.
    kind:        what the body holds once opened: an envelope, or one event's JSON ("store").
    coding:      the body's content coding: "", "gzip", "deflate", "br" or "zstd".
    event_id:    the 32 hex digits that the answer named, or "".
    received_ms: unix milliseconds, the server's clock.
    client_ip:   "" when unknown.
    body:        as received, compressed.
    """

    receipt: bytes
    project_id: int
    key_id: int
    kind: Kind
    coding: str
    event_id: str
    received_ms: int
    client_ip: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message handed to the digest.

    row_id:     given by the inbox: unique, growing even when the clock steps back.
    deliveries: 1 at first, one more for each reader that died with it.
    """

    row_id: int
    message: Message
    deliveries: int


class InboxFull(Exception):
    """The inbox holds as many bytes as it may."""


class InboxUnavailable(Exception):
    """The inbox cannot be written or read now: disk full, I/O error, store away."""


class Inbox(Protocol):
    """A durable queue with one reader at a time and any number of writers."""

    def append(self, message: Message) -> "concurrent.futures.Future[int]":
        """Store the message; the future gives its row id once the bytes are on disk.

        Raises InboxFull; the future raises InboxUnavailable. Blocks to write a large body.
        """

    def append_soon(self, message: Message) -> "asyncio.Future[int]":
        """As append, for the running event loop, which is woken once for a group of messages."""

    def read(self, *, max_messages: int, max_bytes: int, linger_ms: int) -> list[Delivery]:
        """The next messages, oldest first; waits up to linger_ms for a full batch.

        What an earlier read gave and nobody acknowledged comes again first: with the same count
        in the same process, with a higher one after a crash. Empty while another process reads.
        Raises InboxUnavailable.
        """

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Forget these messages. Raises InboxUnavailable; they then come again."""

    def depth(self) -> int:
        """Messages not acknowledged."""

    def oldest_age(self) -> float:
        """Seconds since the oldest message came; 0.0 when empty."""

    def pending_bytes(self) -> int:
        """Bytes of the messages not acknowledged, as stored."""

    def close(self) -> None:
        """Write what was appended, and leave unacknowledged messages to the next reader."""


def encode_meta(message: Message) -> bytes:
    """Everything of a message but its body, as JSON."""
    return dumps(
        [
            message.receipt.hex(),
            message.project_id,
            message.key_id,
            message.kind,
            message.coding,
            message.event_id,
            message.received_ms,
            message.client_ip,
        ]
    )


def decode_meta(meta: bytes, body: bytes) -> Message:
    """The message that encode_meta described, with its body."""
    receipt, project_id, key_id, kind, coding, event_id, received_ms, client_ip = loads(meta)
    return Message(
        bytes.fromhex(receipt),
        project_id,
        key_id,
        kind,
        coding,
        event_id,
        received_ms,
        client_ip,
        body,
    )
