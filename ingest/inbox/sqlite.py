"""The inbox of one machine: a SQLite file of its own, and a folder for large bodies."""

import asyncio
import concurrent.futures
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import structlog

from common.row_ids import received_at_of
from ingest.inbox.base import (
    Delivery,
    InboxFull,
    InboxUnavailable,
    Message,
    Notify,
    Source,
    StoreState,
    encode_meta,
    read_state,
    tell_nobody,
)
from ingest.inbox.futures import RowIdFuture
from ingest.inbox.reader import Reader
from ingest.inbox.schema import connect
from ingest.inbox.spool import Spool
from ingest.inbox.writer import Append, Writer

log = structlog.get_logger(__name__)

# What a row costs beside its body and meta.
ROW_BYTES = 64


class SqliteInbox:
    """An Inbox (ingest.inbox.base) in a file, its own only source; any process may append.

    on_append is called on a thread of the inbox after each commit; on_empty by a read that has
    found nothing, before it looks once more: what is appended after that look calls on_append.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_bytes: int,
        spool_bytes: int,
        on_append: Notify = tell_nobody,
        on_empty: Notify = tell_nobody,
    ) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._spool_bytes = spool_bytes
        self._spool = Spool(path.with_suffix(".spool"))
        self._writer = Writer(path, partial(on_append, self.number))
        self._reader = Reader(path, self._spool, self._writer, partial(on_empty, self.number))

    number = 0

    @property
    def sources(self) -> Sequence[Source]:
        return (self,)

    def append(self, message: Message) -> concurrent.futures.Future[int]:
        future: concurrent.futures.Future[int] = concurrent.futures.Future()
        self._submit(message, future)
        return future

    def append_soon(self, message: Message) -> asyncio.Future[int]:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._submit(message, future)
        return future

    def _submit(self, message: Message, future: RowIdFuture) -> None:
        meta, body, spool = encode_meta(message), message.body, ""
        size = len(body) + len(meta) + ROW_BYTES
        if self._writer.pending_bytes + size > self._max_bytes:
            raise InboxFull(f"the inbox holds {self._writer.pending_bytes} bytes")
        if len(body) > self._spool_bytes:
            try:
                body, spool = b"", self._spool.write(body)
            except OSError as error:
                log.error("inbox.spool_unavailable", error=str(error))
                future.set_exception(InboxUnavailable(str(error)))
                return
            future.add_done_callback(partial(self._drop_refused, spool))
        self._writer.submit(Append((size, spool, meta, body), future))

    def _drop_refused(self, spool: str, future: RowIdFuture) -> None:
        """Remove the body of a message that was not stored: until a restart nobody else would."""
        # Whoever cancels has left; the message may be stored all the same.
        if not future.cancelled() and future.exception():
            self._spool.remove(spool)

    def read(self, *, max_messages: int, max_bytes: int, linger_ms: int) -> list[Delivery]:
        return self._reader.read(
            max_messages=max_messages, max_bytes=max_bytes, linger_ms=linger_ms
        )

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        self._reader.ack(deliveries)

    def give_back(self) -> None:
        """Nothing to do: the file has one reader, to whom it comes again first."""

    def depth(self) -> int:
        return self._number("SELECT count(*) FROM message")

    def pending_bytes(self) -> int:
        return self._number("SELECT coalesce(sum(bytes), 0) FROM message")

    def oldest_age(self) -> float:
        oldest = self._number("SELECT coalesce(min(id), 0) FROM message")
        return max(0.0, time.time() - received_at_of(oldest).timestamp()) if oldest else 0.0

    def _number(self, query: str) -> int:
        """Asked rarely, by pages and commands, also beside the process that serves."""
        try:
            with closing(connect(self._path)) as connection:
                (number,) = connection.execute(query).fetchone()
        except sqlite3.Error as error:
            raise InboxUnavailable(str(error)) from error
        return int(number)

    def state(self) -> Sequence[StoreState]:
        return (read_state("SQLite", self),)

    def close(self) -> None:
        self._reader.close()
        self._writer.close()
