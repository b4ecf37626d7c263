"""What an inbox holds and does, whichever store it is built on."""

import asyncio
import concurrent.futures
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from common.jsonio import dumps, loads

Kind = Literal["envelope", "store"]

# The fifth delivery quarantines a message unparsed, so that a crash cannot loop.
MAX_DELIVERIES = 5

# What an inbox calls with the number of a source: when messages came there, or when a read found
# nothing and looks once more.
Notify = Callable[[int], None]


def tell_nobody(source: int) -> None:
    """What is called when nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Message:
    """One accepted request.

    receipt:     16 random bytes, made before the first append; every copy carries them.
    key_id:      the primary key of the ProjectKey it came with; 0: another kind of key.
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


def batch_limit(max_messages: int, crashes: int) -> int:
    """How many to hand out at once: an eighth after each crash, one by one after the third.

    So the message that kills its readers ends alone, and its neighbours are digested.
    """
    return max(1, max_messages >> 3 * crashes) if crashes < 3 else 1


class InboxFull(Exception):
    """The inbox holds as many bytes as it may."""


class InboxUnavailable(Exception):
    """The inbox cannot be written or read now: disk full, I/O error, store away."""


@dataclass(frozen=True, slots=True)
class StoreState:
    """One store of an inbox as it is now.

    name:     for people.
    error:    why it cannot be reached; then nothing else is known. "" when all is well.
    warnings: sentences about what may lose messages that were answered for, and why another store
              takes what comes.
    """

    name: str
    error: str = ""
    depth: int = 0
    bytes: int = 0
    oldest_age_s: float = 0.0
    warnings: Sequence[str] = ()


class Source(Protocol):
    """One ordered part of an inbox, which hands out messages: a file, a table, a stream's shard.

    Any number of processes may read; where a source takes one at a time, the others find nothing.
    """

    @property
    def number(self) -> int:
        """Which source of the inbox it is; wake-ups name it."""

    def read(self, *, max_messages: int, max_bytes: int, linger_ms: int) -> list[Delivery]:
        """The next messages, oldest first; waits up to linger_ms for a full batch.

        What an earlier read gave and nobody acknowledged comes again first: with the same count
        in the same process, with a higher one after a crash. Raises InboxUnavailable.
        """

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Forget these messages. Raises InboxUnavailable; they then come again."""

    def give_back(self) -> None:
        """Leave what was read and not acknowledged to any reader, with the same count.

        Raises InboxUnavailable; it then comes again in this process.
        """


class Inbox(Protocol):
    """A durable queue with any number of writers, read source by source."""

    @property
    def sources(self) -> Sequence[Source]:
        """What the digest drains; always the same ones, in the order of their numbers."""

    def append(self, message: Message) -> "concurrent.futures.Future[int]":
        """Store the message; the future gives its row id once the bytes are on disk.

        Raises InboxFull, at once or by the future, which may raise InboxUnavailable, too. Blocks
        to write a large body.
        """

    def append_soon(self, message: Message) -> "asyncio.Future[int]":
        """As append, for the running event loop, which is woken once for a group of messages."""

    def depth(self) -> int:
        """Messages not acknowledged, in all sources. Raises InboxUnavailable."""

    def oldest_age(self) -> float:
        """Seconds since the oldest message came; 0.0 when empty. Raises InboxUnavailable."""

    def pending_bytes(self) -> int:
        """Bytes of the messages not acknowledged, as stored. Raises InboxUnavailable."""

    def state(self) -> Sequence[StoreState]:
        """Each store that the inbox is made of. Never raises, and answers within seconds."""

    def close(self) -> None:
        """Write what was appended, and leave unacknowledged messages to the next reader."""


def read_state(name: str, inbox: Inbox, warnings: Sequence[str] = ()) -> StoreState:
    """The state of an inbox that is one store."""
    try:
        size = inbox.pending_bytes()
        return StoreState(name, "", inbox.depth(), size, inbox.oldest_age(), warnings)
    except InboxUnavailable as error:
        return StoreState(name, str(error))


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
    """The message that encode_meta described, with its body; what a later version adds is left."""
    receipt, project_id, key_id, kind, coding, event_id, received_ms, client_ip, *_ = loads(meta)
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
