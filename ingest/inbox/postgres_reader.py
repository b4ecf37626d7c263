"""Reading the PostgreSQL inbox: any number of readers, each holding its batch by a lease."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import psycopg
import structlog

from ingest.inbox.base import Delivery, InboxUnavailable, Notify, decode_meta
from ingest.inbox.postgres_connection import Connect, InboxConnection, describe
from ingest.inbox.postgres_writer import SOURCE

log = structlog.get_logger(__name__)

LEASE_S = 15.0
# While a lease runs; one that fails does not end it.
RENEWALS = 3
Row = tuple[int, int, int, bytes, bytes]
Parameters = Mapping[str, Any] | tuple[Any, ...]

# One statement, so that a reader that stops half-way locks nothing. A lease that ran out is a
# crash; of the free rows those are taken that as many crashes have met as the oldest, and the
# fewer the more there were (base.batch_limit).
_CLAIM = """
WITH free AS MATERIALIZED (
    SELECT id, bytes, crashes + (leased_until IS NOT NULL)::int AS crashes
    FROM ingest_inbox
    WHERE leased_until IS NULL OR leased_until < clock_timestamp()
    ORDER BY id LIMIT %(max_messages)s
    FOR UPDATE SKIP LOCKED
),
ranked AS (
    SELECT id, crashes, row_number() OVER oldest AS place, sum(bytes) OVER oldest AS total
    FROM free WHERE crashes = (SELECT crashes FROM free ORDER BY id LIMIT 1)
    WINDOW oldest AS (ORDER BY id)
)
UPDATE ingest_inbox AS message
SET leased_until = clock_timestamp() + make_interval(secs => %(lease_s)s), crashes = ranked.crashes
FROM ranked
WHERE message.id = ranked.id AND (
    place = 1 OR (total <= %(max_bytes)s AND place <= CASE
        WHEN ranked.crashes < 3 THEN %(max_messages)s >> (3 * ranked.crashes) ELSE 1 END))
RETURNING message.id, message.bytes, message.crashes, meta, body
"""
_RENEW = """
UPDATE ingest_inbox SET leased_until = clock_timestamp() + make_interval(secs => %s)
WHERE id = ANY(%s)
"""
_GIVE_BACK = "UPDATE ingest_inbox SET leased_until = NULL WHERE id = ANY(%s)"
_FORGET = "DELETE FROM ingest_inbox WHERE id = ANY(%s)"


class Reader:
    """Owns a connection while there is something to read, and a thread that keeps its leases."""

    def __init__(self, connect: Connect, on_empty: Notify, lease_s: float) -> None:
        self._connect = connect
        self._on_empty = on_empty
        self._lease_s = lease_s
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._connection: InboxConnection | None = None
        self._keeper: threading.Thread | None = None
        self._was_used = False
        # What was handed out and not acknowledged.
        self._held: dict[int, Delivery] = {}
        # Whether nobody here works on it, and PostgreSQL could not be told: others may have it.
        self._is_left = False

    def read(self, *, max_messages: int, max_bytes: int, linger_ms: int) -> list[Delivery]:
        """As Source.read."""
        with self._lock:
            self._is_left = False
            try:
                if not self._held:
                    self._hold_next(max_messages, max_bytes, linger_ms / 1000)
            except psycopg.Error as error:
                raise self._failed(error) from error
            return list(self._held.values())[:max_messages]

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """As Source.ack."""
        row_ids = [delivery.row_id for delivery in deliveries]
        with self._lock:
            try:
                self._execute(_FORGET, (row_ids,))
            except psycopg.Error as error:
                raise self._failed(error) from error
            for row_id in row_ids:
                self._held.pop(row_id, None)

    def give_back(self) -> None:
        """As Source.give_back."""
        with self._lock:
            self._is_left = True
            try:
                self._give_back()
            except psycopg.Error as error:
                raise self._failed(error) from error

    def close(self) -> None:
        """Leave what is held to the next reader, without counting a crash."""
        self._closing.set()
        try:
            self.give_back()
        except InboxUnavailable as error:
            # The leases run out by themselves.
            log.warning("inbox.not_given_back", error=str(error))
        with self._lock:
            keeper = self._keeper
            self._held.clear()
            self._disconnect()
        if keeper is not None:
            keeper.join()
        self._closing.clear()

    def _hold_next(self, max_messages: int, max_bytes: int, linger_s: float) -> None:
        """Claim a batch; one that fell short and met no crash waits once for more."""
        taken = self._claim(max_messages, max_bytes)
        missing_bytes = max_bytes - sum(row[1] for row in taken)
        has_crashed = bool(taken) and taken[0][2] > 0
        if len(taken) < max_messages and missing_bytes > 0 and linger_s and not has_crashed:
            self._closing.wait(linger_s)
            self._claim(max_messages - len(taken), missing_bytes)
        if not self._held:
            self._on_empty(SOURCE)
            self._claim(max_messages, max_bytes)

    def _claim(self, max_messages: int, max_bytes: int) -> list[Row]:
        """Lease the next rows for this reader and hold them."""
        bounds = {"max_messages": max_messages, "max_bytes": max_bytes, "lease_s": self._lease_s}
        rows = sorted(self._execute(_CLAIM, bounds))
        for row_id, _, crashes, meta, body in rows:
            self._held[row_id] = Delivery(row_id, decode_meta(meta, body), crashes + 1)
        return rows

    def _give_back(self) -> None:
        if self._held:
            self._execute(_GIVE_BACK, (list(self._held),))
        self._held.clear()
        self._is_left = False

    def _execute(self, statement: LiteralString, parameters: Parameters) -> list[Row]:
        """Run it, connected if need be; gives the rows, if any. Raises psycopg.Error."""
        self._was_used = True
        if self._connection is None:
            self._connection = self._connect()
        if self._keeper is None:
            self._keeper = threading.Thread(target=self._keep, name="inbox-lease", daemon=True)
            self._keeper.start()
        cursor = self._connection.execute(statement, parameters, binary=True)
        return cursor.fetchall() if cursor.description else []

    def _failed(self, error: psycopg.Error) -> InboxUnavailable:
        self._disconnect()
        return InboxUnavailable(describe(error))

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _keep(self) -> None:
        """Renew the leases until nothing is held and nobody reads any more."""
        while not self._closing.wait(self._lease_s / RENEWALS):
            with self._lock:
                if self._held:
                    self._renew()
                elif not self._was_used:
                    self._disconnect()
                    # Under the lock: whoever reads next starts another one.
                    self._keeper = None
                    return
                self._was_used = False
        self._keeper = None

    def _renew(self) -> None:
        """Hold on to what was handed out, or try again to give it back."""
        try:
            if self._is_left:
                self._give_back()
            else:
                self._execute(_RENEW, (self._lease_s, list(self._held)))
        except psycopg.Error as error:
            # Somebody else may take the messages meanwhile: written twice, they count once.
            log.warning("inbox.not_renewed", error=describe(error))
            self._disconnect()
