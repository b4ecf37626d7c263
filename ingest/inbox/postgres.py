"""The inbox that stands in for Redis: a table that any number of hosts write and read."""

import asyncio
import concurrent.futures
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import psycopg

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
    tell_nobody,
)
from ingest.inbox.futures import RowIdFuture
from ingest.inbox.postgres_connection import connect, describe
from ingest.inbox.postgres_reader import LEASE_S, Reader
from ingest.inbox.postgres_writer import SOURCE, Append, Writer

NAME = "PostgreSQL"
_FIGURES = """
SELECT count(*), coalesce(sum(bytes), 0)::bigint, coalesce(min(id), 0), current_setting('fsync')
FROM ingest_inbox
"""


class PostgresInbox:
    """An Inbox (ingest.inbox.base) in a table that the migrations make, its own only source.

    params:    what psycopg connects with.
    on_append: called on a thread of the inbox after each commit; on_empty by a read that has
               found nothing, before it looks once more.
    lease_s:   how long a reader that died keeps its batch from the others.
    """

    number = SOURCE

    def __init__(
        self,
        params: Mapping[str, Any],
        *,
        max_bytes: int,
        on_append: Notify = tell_nobody,
        on_empty: Notify = tell_nobody,
        lease_s: float = LEASE_S,
    ) -> None:
        self._params = params
        self._max_bytes = max_bytes
        self._writer = Writer(partial(connect, params, is_durable=True), on_append)
        # A claim or an acknowledgement that is lost with a server's power is made again.
        self._reader = Reader(partial(connect, params, is_durable=False), on_empty, lease_s)

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
        append = Append(encode_meta(message), message.body, future, time.monotonic())
        if self._writer.pending_bytes + append.size > self._max_bytes:
            raise InboxFull(f"the inbox holds {self._writer.pending_bytes} bytes")
        self._writer.submit(append)

    def read(self, *, max_messages: int, max_bytes: int, linger_ms: int) -> list[Delivery]:
        return self._reader.read(
            max_messages=max_messages, max_bytes=max_bytes, linger_ms=linger_ms
        )

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        self._reader.ack(deliveries)

    def give_back(self) -> None:
        self._reader.give_back()

    def depth(self) -> int:
        return self._figures()[0]

    def pending_bytes(self) -> int:
        return self._figures()[1]

    def oldest_age(self) -> float:
        return _age_of(self._figures()[2])

    def state(self) -> Sequence[StoreState]:
        try:
            depth, size, oldest, fsync = self._figures()
        except InboxUnavailable as error:
            return (StoreState(NAME, str(error)),)
        warnings = () if fsync == "on" else ("A power cut may lose messages: fsync is off.",)
        return (StoreState(NAME, "", depth, size, _age_of(oldest), warnings),)

    def _figures(self) -> tuple[int, int, int, str]:
        """Messages, their bytes, the oldest row id or 0, and the server's fsync."""
        try:
            with connect(self._params, is_durable=False) as connection:
                (row,) = connection.execute(_FIGURES)
        except psycopg.Error as error:
            raise InboxUnavailable(describe(error)) from error
        return row[0], row[1], row[2], row[3]

    def close(self) -> None:
        self._reader.close()
        self._writer.close()


def _age_of(row_id: int) -> float:
    return max(0.0, time.time() - received_at_of(row_id).timestamp()) if row_id else 0.0
