"""Connections of the PostgreSQL inbox: its own, and none that waits for ever."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

T = TypeVar("T")

CONNECT_TIMEOUT_S = 2
STATEMENT_TIMEOUT_S = 4
# A server that stands still does not keep its own timeout.
ANSWER_TIMEOUT_S = 5.0

# A network that went away is noticed, also by a connection that only waits.
_NETWORK = {
    "connect_timeout": CONNECT_TIMEOUT_S,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": int(1000 * ANSWER_TIMEOUT_S),
}
# What Django adds for its own cursors.
_DJANGOS = ("context", "cursor_factory")


class InboxConnection(psycopg.Connection[TupleRow]):
    """A connection on which every answer comes within ANSWER_TIMEOUT_S, or an OperationalError."""

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        return super().wait(gen, interval, ANSWER_TIMEOUT_S if timeout is None else timeout)


Connect = Callable[[], InboxConnection]


def connect(params: Mapping[str, Any], *, is_durable: bool) -> InboxConnection:
    """Connect as Django would with these parameters, in autocommit. Raises psycopg.Error.

    is_durable: whether a commit is on disk when it is answered; what may be done twice need not.
    """
    own = {name: value for name, value in params.items() if name not in _DJANGOS}
    connection = InboxConnection.connect(**{**own, **_NETWORK}, autocommit=True)
    try:
        connection.execute(
            "SELECT set_config('synchronous_commit', %s, false),"
            " set_config('statement_timeout', %s, false)",
            ("on" if is_durable else "off", str(1000 * STATEMENT_TIMEOUT_S)),
        )
    except BaseException:
        connection.close()
        raise
    return connection


def describe(error: Exception) -> str:
    """The first line of what went wrong."""
    return next(iter(str(error).splitlines()), "") or type(error).__name__
