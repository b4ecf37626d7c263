"""Reading the inbox file: one reader at a time, each batch claimed before it is handed out."""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import structlog

from ingest.inbox import claims
from ingest.inbox.base import Delivery, InboxUnavailable, batch_limit, decode_meta
from ingest.inbox.claims import Claim
from ingest.inbox.schema import connect
from ingest.inbox.spool import Spool
from ingest.inbox.writer import Writer

log = structlog.get_logger(__name__)

_LAST_ID = 2**63 - 1
Row = tuple[int, int, str, bytes, bytes]


class Reader:
    """Owns the reading connection and, by a locked file, the right to read."""

    def __init__(
        self, path: Path, spool: Spool, writer: Writer, on_empty: Callable[[], None]
    ) -> None:
        self._path = path
        self._spool = spool
        self._writer = writer
        self._on_empty = on_empty
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._connection: sqlite3.Connection | None = None
        self._lock_file: int | None = None
        # Ranges that dead readers left, then everything above the position.
        self._left: list[Claim] = []
        self._position = 0
        # What was handed out and not acknowledged.
        self._claim: Claim | None = None
        self._held: dict[int, Delivery] = {}
        self._spooled: dict[int, str] = {}

    def read(self, *, max_messages: int, max_bytes: int, linger_ms: int) -> list[Delivery]:
        """As Inbox.read."""
        with self._lock:
            try:
                if not self._held and self._may_read():
                    self._hold_next(max_messages, max_bytes, linger_ms / 1000)
            except (sqlite3.Error, OSError) as error:
                self._disconnect()
                raise InboxUnavailable(str(error)) from error
            return list(self._held.values())[:max_messages]

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """As Inbox.ack."""
        row_ids = [delivery.row_id for delivery in deliveries]
        with self._lock:
            is_last = self._held.keys() <= set(row_ids)
            self._writer.change(
                partial(claims.finish, row_ids=row_ids, claim=self._claim if is_last else None)
            )
            for row_id in row_ids:
                self._held.pop(row_id, None)
                if name := self._spooled.pop(row_id, None):
                    self._spool.remove(name)
            if is_last:
                self._claim = None

    def close(self) -> None:
        """Leave what is held to the next reader, without counting a crash."""
        self._closing.set()
        with self._lock:
            if self._claim is not None:
                self._writer.change(claims.release_all)
            self._held.clear()
            self._claim = None
            self._disconnect()
            if self._lock_file is not None:
                os.close(self._lock_file)
                self._lock_file = None
        self._closing.clear()

    def _may_read(self) -> bool:
        """Whether this process is the reader; it becomes it when there is none."""
        if self._lock_file is not None:
            return True
        descriptor = os.open(self._path.with_suffix(".reader"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # The kernel lets go of it however the process ends.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._left = self._writer.change(claims.take_over)
            self._sweep_spool()
        except BlockingIOError:
            os.close(descriptor)
            return False
        except BaseException:
            # Left open, it would keep this very process from reading.
            os.close(descriptor)
            raise
        self._position = max((claim.high for claim in self._left), default=0)
        self._lock_file = descriptor
        return True

    def _sweep_spool(self) -> None:
        rows = self._connect().execute("SELECT spool FROM message WHERE spool != ''")
        self._spool.sweep({name for (name,) in rows})

    def _hold_next(self, max_messages: int, max_bytes: int, linger_s: float) -> None:
        """Claim and hold the next range; what fails on the way is met again by the next read."""
        while self._left:
            left = self._left[0]
            rows = self._select(
                left.low, left.high, batch_limit(max_messages, left.crashes), max_bytes
            )
            if rows:
                high = rows[-1][0]
                self._hold(Claim(left.low, high, left.crashes), rows)
                rest = [Claim(high + 1, left.high, left.crashes)] if high < left.high else []
                self._left[:1] = rest
                return
            self._writer.change(partial(claims.finish, row_ids=[], claim=left))
            del self._left[0]
        rows = self._select_new(max_messages, max_bytes, linger_s)
        if rows:
            self._hold(Claim(rows[0][0], rows[-1][0], 0), rows)
            self._position = rows[-1][0]

    def _select_new(self, max_messages: int, max_bytes: int, linger_s: float) -> list[Row]:
        rows = self._select(self._position + 1, _LAST_ID, max_messages, max_bytes)
        missing = max_messages - len(rows)
        missing_bytes = max_bytes - sum(row[1] for row in rows)
        if missing > 0 and missing_bytes > 0 and linger_s:
            self._closing.wait(linger_s)
            last = rows[-1][0] if rows else self._position
            rows += self._select(last + 1, _LAST_ID, missing, missing_bytes)
        if not rows:
            self._on_empty()
            rows = self._select(self._position + 1, _LAST_ID, max_messages, max_bytes)
        return rows

    def _select(self, low: int, high: int, max_messages: int, max_bytes: int) -> list[Row]:
        """Rows of the range within both limits, but at least one."""
        cursor = self._connect().execute(
            "SELECT id, bytes, spool, meta, body FROM message"
            " WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
            (low, high, max_messages),
        )
        rows: list[Row] = []
        for row in cursor:
            max_bytes -= row[1]
            if rows and max_bytes < 0:
                break
            rows.append(row)
        # An unfinished statement would keep the log from being emptied.
        cursor.close()
        return rows

    def _hold(self, claim: Claim, rows: list[Row]) -> None:
        self._writer.change(partial(claims.hold, claim=claim))
        held = {}
        for row_id, _, spool, meta, body in rows:
            whole = self._read_spooled(spool) if spool else body
            held[row_id] = Delivery(row_id, decode_meta(meta, whole), claim.deliveries)
        self._claim, self._held = claim, held
        self._spooled = {row[0]: row[2] for row in rows if row[2]}

    def _read_spooled(self, name: str) -> bytes:
        """The body; empty, so that it ends in quarantine, when somebody removed its file."""
        try:
            return self._spool.read(name)
        except FileNotFoundError:
            log.error("inbox.body_missing", spool=name)
            return b""

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._path)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
