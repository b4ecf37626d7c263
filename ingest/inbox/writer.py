"""The one thread that writes the inbox file: whoever waits together commits together."""

import concurrent.futures
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import structlog

from common.row_ids import row_id_at
from ingest.inbox.base import InboxUnavailable
from ingest.inbox.futures import RowIdFuture, settle
from ingest.inbox.groups import GroupThread
from ingest.inbox.schema import MAX_GROUP, connect, insert_statement

log = structlog.get_logger(__name__)

T = TypeVar("T")

TIDY_PAUSE_S = 1.0
# Free pages go back to the disk in steps of 4 MB, so that no append waits long.
TIDY_STEP_PAGES = 1024
# Under load, what acknowledged messages leave is used again; only much more is given back.
MANY_FREE_PAGES = 8192


@dataclass(frozen=True, slots=True)
class Append:
    """A message on its way in; the future gets its row id."""

    row: tuple[int, str, bytes, bytes]
    future: RowIdFuture


@dataclass(frozen=True, slots=True)
class Change:
    """What the reader alters; it runs in a transaction of its own."""

    run: Callable[[sqlite3.Connection], Any]
    future: concurrent.futures.Future[Any]


class Writer:
    """Owns the writing connection; started by the first entry, ended by close.

    on_commit is called on the writer's thread after each commit of appended messages.
    """

    def __init__(self, path: Path, on_commit: Callable[[], None]) -> None:
        self._path = path
        self._on_commit = on_commit
        self._thread: GroupThread[Append | Change] = GroupThread(
            "inbox", work=self._work, last_work=self._disconnect, max_group=MAX_GROUP
        )
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._tidy_at = 0.0
        self._is_failing = False
        # Of messages submitted, and of those in the file: the latter is measured after each change
        # and each second while there are any, for other processes write too.
        self._queued_bytes = 0
        self._stored_bytes = 0

    @property
    def pending_bytes(self) -> int:
        """Bytes not acknowledged, at most a second late on what other processes do."""
        return self._queued_bytes + self._stored_bytes

    def submit(self, entry: Append | Change) -> None:
        """Queue the entry; its future tells what became of it. Never blocks."""
        if isinstance(entry, Append):
            with self._lock:
                self._queued_bytes += entry.row[0]
        self._thread.put(entry)

    def change(self, run: Callable[[sqlite3.Connection], T]) -> T:
        """Run it in a transaction on the writer's thread. Raises InboxUnavailable."""
        future: concurrent.futures.Future[T] = concurrent.futures.Future()
        self.submit(Change(run, future))
        return future.result()

    def close(self) -> None:
        """Finish what was submitted, then stop."""
        self._thread.close()

    def _work(self, entries: list[Append | Change]) -> float | None:
        try:
            self._write(entries)
            pause = self._tidy(is_idle=not entries)
            self._note_health(None)
        except Exception as error:
            self._note_health(error)
            self._disconnect()
            pause = None
            settle((entry.future, InboxUnavailable(str(error))) for entry in entries)
        with self._lock:
            self._queued_bytes -= bytes_of(entries)
        return pause

    def _write(self, entries: Sequence[Append | Change]) -> None:
        appends = [entry for entry in entries if isinstance(entry, Append)]
        if appends:
            settle(zip([entry.future for entry in appends], self._insert(appends), strict=True))
            self._on_commit()
        for entry in entries:
            if isinstance(entry, Change):
                settle([(entry.future, self._run(entry.run))])

    def _insert(self, appends: list[Append]) -> range:
        """Store the messages in one commit and return their row ids."""
        values: list[object] = [row_id_at(time.time_ns() // 1_000_000)]
        for entry in appends:
            values += entry.row
        cursor = self._connect().execute(insert_statement(len(appends)), values)
        self._stored_bytes += bytes_of(appends)
        last = cursor.lastrowid or 0
        return range(last - len(appends) + 1, last + 1)

    def _run(self, run: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connect()
        connection.execute("BEGIN IMMEDIATE")
        result = run(connection)
        connection.execute("COMMIT")
        self._measure(connection)
        return result

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._path)
            self._measure(self._connection)
        return self._connection

    def _measure(self, connection: sqlite3.Connection) -> None:
        (self._stored_bytes,) = connection.execute(
            "SELECT coalesce(sum(bytes), 0) FROM message"
        ).fetchone()

    def _disconnect(self) -> None:
        """Give up the connection; an open transaction is rolled back with it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _note_health(self, error: Exception | None) -> None:
        """Log when it begins and when it ends; a traceback only of what nobody expects."""
        if error is not None and not self._is_failing:
            is_expected = isinstance(error, sqlite3.Error | OSError)
            log.error("inbox.unavailable", error=str(error), exc_info=not is_expected)
        elif self._is_failing and error is None:
            log.info("inbox.available_again")
        self._is_failing = error is not None

    def _tidy(self, *, is_idle: bool) -> float | None:
        """Give space back when idle, or much of it now and then; return how long to wait next."""
        if self._connection is None or (not is_idle and time.monotonic() < self._tidy_at):
            return TIDY_PAUSE_S
        self._measure(self._connection)
        self._free_pages(self._connection, 0 if is_idle else MANY_FREE_PAGES)
        self._tidy_at = time.monotonic() + TIDY_PAUSE_S
        if not is_idle:
            return TIDY_PAUSE_S
        _empty_log(self._connection)
        return TIDY_PAUSE_S if self._stored_bytes else None

    def _free_pages(self, connection: sqlite3.Connection, spared: int) -> None:
        while self._thread.is_empty():
            (free,) = connection.execute("PRAGMA freelist_count").fetchone()
            if free <= spared:
                return
            # Not execute: that stops after the first page, for the pragma's rows have no columns.
            connection.executescript(f"PRAGMA incremental_vacuum({TIDY_STEP_PAGES})")


def bytes_of(entries: Sequence[Append | Change]) -> int:
    """What the messages among the entries count against the inbox's bound."""
    return sum(entry.row[0] for entry in entries if isinstance(entry, Append))


def _empty_log(connection: sqlite3.Connection) -> None:
    """Move the write-ahead log into the file and cut it to nothing, unless somebody reads it."""
    (timeout_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout=0")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute(f"PRAGMA busy_timeout={timeout_ms}")
