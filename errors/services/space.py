"""Deleted rows leave free pages in SQLite's file; give them back to the disk."""

from django.db import connection

# Half a megabyte stays for what comes next.
KEPT_PAGES = 64
# About 6 ms of the one writer.
STEP_PAGES = 128
BUSY_MS = 200


def reclaim_space() -> int:
    """Shrink the database by its free pages and empty its log; return the pages given back.

    Nothing to do on PostgreSQL, whose autovacuum does it.
    """
    if connection.vendor != "sqlite":
        return 0
    free = _read_pragma("freelist_count")
    given = max(0, free - KEPT_PAGES)
    for start in range(0, given, STEP_PAGES):
        _run(f"PRAGMA incremental_vacuum({min(STEP_PAGES, given - start)})")
    _truncate_log()
    return given


def _truncate_log() -> None:
    """Empty the write-ahead log unless somebody reads or writes just now: the next run will."""
    usual_ms = _read_pragma("busy_timeout")
    _run(f"PRAGMA busy_timeout = {BUSY_MS}")
    try:
        _run("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        _run(f"PRAGMA busy_timeout = {usual_ms}")


def _read_pragma(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return int(cursor.fetchone()[0])


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        # A vacuum moves a page a step, and execute() takes only the first one.
        cursor.executescript(statement)
