"""The inbox file: its tables, its statements, its version."""

import sqlite3
from functools import cache
from pathlib import Path

VERSION = 1
BUSY_TIMEOUT_S = 10.0
# Statements for every size of a group stay prepared.
MAX_GROUP = 128

_TABLES = (
    # Ids as in common.row_ids. AUTOINCREMENT remembers the greatest one even of an empty table.
    """
    CREATE TABLE message (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        bytes INTEGER NOT NULL,
        spool TEXT NOT NULL,
        meta BLOB NOT NULL,
        body BLOB NOT NULL
    )
    """,
    # SqliteInbox.depth and pending_bytes: counts and sums without touching bodies.
    "CREATE INDEX message_bytes ON message (bytes)",
    # Ranges of messages handed to a reader. crashes: readers that died with them; is_open: the
    # reader that holds them has neither finished nor closed.
    """
    CREATE TABLE claim (
        low INTEGER PRIMARY KEY,
        high INTEGER NOT NULL,
        crashes INTEGER NOT NULL,
        is_open INTEGER NOT NULL
    )
    """,
)


def connect(path: Path) -> sqlite3.Connection:
    """Open the inbox file, made when absent. Raises sqlite3.Error.

    FULL: an append that was answered survives a power cut. A connection may wander between
    threads, one at a time; each of ours is guarded by its owner.
    """
    connection = sqlite3.connect(
        path,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=MAX_GROUP + 32,
    )
    try:
        if _version_of(connection) == 0:
            # Before any table exists, or it has no effect; later it would only wait for writers.
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.execute("PRAGMA synchronous=FULL")
        # Four times the default: pages that an acknowledgement frees soon are never moved.
        connection.execute("PRAGMA wal_autocheckpoint=4000")
        connection.execute("PRAGMA journal_size_limit=16777216")
        _upgrade(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _upgrade(connection: sqlite3.Connection) -> None:
    if _version_of(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version_of(connection)
        if version == 0:
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={VERSION}")
        elif version != VERSION:
            raise sqlite3.DatabaseError(f"the inbox has version {version}, not {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version_of(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


@cache
def insert_statement(count: int) -> str:
    """One statement, thus one commit, for a whole group: (bytes, spool, meta, body) each.

    The first parameter is the smallest id for now; SQLite gives the ids, so that they grow over
    the whole file whatever the clock does and however many processes append.
    """
    first = (
        "(max(?, 1 + coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'message'), 0)),"
        "?, ?, ?, ?)"
    )
    rows = ", ".join([first] + ["(NULL, ?, ?, ?, ?)"] * (count - 1))
    # Nothing but question marks varies.
    return f"INSERT INTO message (id, bytes, spool, meta, body) VALUES {rows}"  # noqa: S608
