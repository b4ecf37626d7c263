"""Whether the database can be used: it answers, and has what this code expects of it."""

import re
from contextlib import closing
from dataclasses import dataclass
from enum import Enum

from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

CONNECT_TIMEOUT_S = 2


class DatabaseFault(Enum):
    """What kind of problem it is: an outage passes by itself, and a standby may
    take over; the others need a person."""

    REFUSED = "refused"
    AWAY = "away"
    UNMIGRATED = "unmigrated"
    READ_ONLY = "read-only"


@dataclass(frozen=True, slots=True)
class DatabaseProblem:
    """What keeps the database from being used, as one sentence that says what to do."""

    fault: DatabaseFault
    sentence: str

    def __str__(self) -> str:
        return self.sentence


# PostgreSQL's words for what waiting does not mend; a connection that fails has no code.
_REFUSALS = ("does not exist", "authentication failed", "no password supplied", "pg_hba.conf")


def database_problem() -> DatabaseProblem | None:
    """Ask the database; None when it can be used. Waits seconds for a server that is away."""
    try:
        takes_changes = _knock()
        pending = _pending_migrations()
    except (OperationalError, InterfaceError) as error:
        return _unusable(error)
    if not takes_changes:
        return DatabaseProblem(
            DatabaseFault.READ_ONLY,
            "The database of DATABASE_URL takes no changes: a standby, or set read-only.",
        )
    if not pending:
        return None
    return DatabaseProblem(
        DatabaseFault.UNMIGRATED,
        f"The database of DATABASE_URL lacks {pending} migration{'s' * (pending != 1)}:"
        " run manage.py migrate.",
    )


def _knock() -> bool:
    """Connect beside the pool, which would wait longer and not tell why.

    Returns whether it takes changes.
    """
    if connection.vendor != "postgresql":
        return True
    parameters = {**connection.get_connection_params(), "connect_timeout": CONNECT_TIMEOUT_S}
    # Not imported: psycopg costs megabytes that a site on SQLite need not spend.
    psycopg = connection.Database  # type: ignore[attr-defined]  # of each backend
    with connection.wrap_database_errors:
        server = psycopg.connect(**parameters)
        with closing(server):
            (is_read_only,) = server.execute("SHOW transaction_read_only").fetchone()
    return bool(is_read_only == "off")


def _pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    loader: MigrationLoader = executor.loader
    return len(executor.migration_plan(loader.graph.leaf_nodes()))


# "connection to server at "127.0.0.1", port 5432 failed: FATAL:  why", from libpq.
_LIBPQ = re.compile(
    r'.*\bat "(?P<host>[^"]*)".*?, port (?P<port>\d+) failed: (FATAL: *)?(?P<why>.*)'
)


def _unusable(error: Exception) -> DatabaseProblem:
    reason = _reason(str(error))
    if any(words in reason for words in _REFUSALS):
        sentence = f"DATABASE_URL names a database that refuses this site: {reason}"
        return DatabaseProblem(DatabaseFault.REFUSED, sentence)
    return DatabaseProblem(
        DatabaseFault.AWAY, f"The database of DATABASE_URL does not answer: {reason}"
    )


def _reason(text: str) -> str:
    """Its last line that is no question, with the server behind it: "Connection refused (a:1)"."""
    lines = [line.strip() for line in text.splitlines() if not line.endswith("?")]
    last = next((line for line in reversed(lines) if line), "no reason given")
    found = _LIBPQ.match(last)
    return f"{found['why']} ({found['host']}:{found['port']})" if found else last
