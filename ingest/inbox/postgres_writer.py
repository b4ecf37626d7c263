"""The one thread that appends to the PostgreSQL inbox: whoever waits together commits together."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import psycopg
import structlog
from psycopg.rows import TupleRow

from common.row_ids import EPOCH_MS, LOW_BITS, SEQUENCE_BITS
from ingest.inbox.base import InboxUnavailable, Notify
from ingest.inbox.futures import RowIdFuture, settle
from ingest.inbox.groups import GroupThread
from ingest.inbox.postgres_connection import Connect, InboxConnection, describe

log = structlog.get_logger(__name__)

SOURCE = 63
MAX_GROUP = 128
# What one statement carries, unless a single message is larger.
MAX_PART_BYTES = 8 * 1024 * 1024
MEASURE_PAUSE_S = 1.0
# What a row costs beside its body and meta.
ROW_BYTES = 64

# Any number that no other advisory lock of the site has.
_LOCK = 0x63617463_00000001
# One statement, so that a process that stops half-way never holds the lock. The lock is taken
# before the sequence is read, and held until the commit: ids become visible in their order.
_APPEND = f"""
WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock({_LOCK})),
last AS MATERIALIZED (
    SELECT setval('ingest_inbox_slot', %(count)s - 1 + greatest(
        coalesce(pg_sequence_last_value('ingest_inbox_slot'), 0) + 1,
        ((extract(epoch FROM clock_timestamp()) * 1000)::bigint - {EPOCH_MS}) << {SEQUENCE_BITS}
    )) AS slot FROM locked
),
message AS (
    SELECT slot - %(count)s + place AS slot, meta, body
    FROM last, unnest(%(metas)b::bytea[], %(bodies)b::bytea[])
        WITH ORDINALITY AS given(meta, body, place)
)
INSERT INTO ingest_inbox (id, bytes, meta, body)
SELECT (slot >> {SEQUENCE_BITS}) << {LOW_BITS} | {SOURCE << SEQUENCE_BITS}
        | (slot & {(1 << SEQUENCE_BITS) - 1}),
    octet_length(meta) + octet_length(body) + {ROW_BYTES}, meta, body
FROM message
RETURNING id
"""  # noqa: S608 (numbers of ours)
_MEASURE = "SELECT coalesce(sum(bytes), 0)::bigint FROM ingest_inbox"


@dataclass(frozen=True, slots=True)
class Append:
    """A message on its way in; the future gets its row id."""

    meta: bytes
    body: bytes
    future: RowIdFuture
    since: float

    @property
    def size(self) -> int:
        """What it counts against the inbox's bound."""
        return len(self.meta) + len(self.body) + ROW_BYTES


class Writer:
    """Owns a connection while there is something to write; started by the first message.

    on_append is called on the writer's thread after each commit.
    """

    def __init__(self, connect: Connect, on_append: Notify) -> None:
        self._connect = connect
        self._on_append = on_append
        self._thread: GroupThread[Append] = GroupThread(
            "inbox-postgres", work=self._work, last_work=self._disconnect, max_group=MAX_GROUP
        )
        self._lock = threading.Lock()
        self._connection: InboxConnection | None = None
        self._measure_at = 0.0
        self._failed_at = 0.0
        self._is_failing = False
        # Of messages submitted, and of those in the table: the latter is measured each second
        # while there are any, for other processes write and read, too.
        self._queued_bytes = 0
        self._stored_bytes = 0

    @property
    def pending_bytes(self) -> int:
        """Bytes not acknowledged, at most a second late on what other processes do."""
        return self._queued_bytes + self._stored_bytes

    def submit(self, append: Append) -> None:
        """Queue the message; its future tells what became of it. Never blocks."""
        with self._lock:
            self._queued_bytes += append.size
        self._thread.put(append)

    def close(self) -> None:
        """Finish what was submitted, then stop."""
        self._thread.close()

    def _work(self, appends: list[Append]) -> float | None:
        """Write the messages, in parts of bounded size; look after the table once a second."""
        for part in _parts(appends):
            if part[0].since < self._failed_at:
                # It has waited as long as those that failed.
                _refuse(part, "PostgreSQL did not answer in time")
            else:
                self._attempt(partial(self._write, part), part)
            with self._lock:
                self._queued_bytes -= sum(append.size for append in part)
        if self._connection and (not appends or time.monotonic() >= self._measure_at):
            self._attempt(partial(self._measure, is_idle=not appends), [])
        return MEASURE_PAUSE_S if self._connection else None

    def _attempt(self, work: Callable[[], None], appends: list[Append]) -> None:
        try:
            work()
            self._note_health(None)
        except Exception as error:
            self._note_health(error)
            self._disconnect()
            self._failed_at = time.monotonic()
            _refuse(appends, describe(error))

    def _write(self, appends: list[Append]) -> None:
        """Store the messages in one commit and tell who waits for them."""
        row_ids = self._insert(appends)
        settle(zip([append.future for append in appends], row_ids, strict=True))
        self._stored_bytes += sum(append.size for append in appends)
        self._on_append(SOURCE)

    def _insert(self, appends: list[Append]) -> list[int]:
        """Their row ids; tried again where the kept connection had been cut meanwhile."""
        values = {
            "count": len(appends),
            "metas": [append.meta for append in appends],
            "bodies": [append.body for append in appends],
        }
        kept = self._connection
        if kept is not None:
            try:
                return _row_ids(kept.execute(_APPEND, values))
            except psycopg.OperationalError:
                if not kept.broken:
                    raise
                self._disconnect()
        self._connection = self._connect()
        return _row_ids(self._connection.execute(_APPEND, values))

    def _measure(self, *, is_idle: bool) -> None:
        """Count the table's bytes; an idle writer of an empty one gives its connection back."""
        if self._connection is None:
            return
        (row,) = self._connection.execute(_MEASURE)
        self._stored_bytes = row[0]
        self._measure_at = time.monotonic() + MEASURE_PAUSE_S
        if is_idle and not self._stored_bytes:
            self._disconnect()

    def _disconnect(self) -> None:
        """Close the connection, and forget what nobody measures without one: it may have gone."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._stored_bytes = 0
        self._measure_at = 0.0

    def _note_health(self, error: Exception | None) -> None:
        """Log when it begins and when it ends; a traceback only of what nobody expects."""
        if error is not None and not self._is_failing:
            is_expected = isinstance(error, psycopg.Error)
            log.error("inbox.postgres_unavailable", error=describe(error), exc_info=not is_expected)
        elif self._is_failing and error is None:
            log.info("inbox.postgres_available_again")
        self._is_failing = error is not None


def _parts(appends: list[Append]) -> Iterator[list[Append]]:
    """The messages in their order, in lists of MAX_PART_BYTES or one larger message."""
    part: list[Append] = []
    room = MAX_PART_BYTES
    for append in appends:
        room -= append.size
        if part and room < 0:
            yield part
            part, room = [], MAX_PART_BYTES - append.size
        part.append(append)
    if part:
        yield part


def _refuse(appends: list[Append], reason: str) -> None:
    settle((append.future, InboxUnavailable(reason)) for append in appends)


def _row_ids(cursor: psycopg.Cursor[TupleRow]) -> list[int]:
    return sorted(row_id for (row_id,) in cursor)
