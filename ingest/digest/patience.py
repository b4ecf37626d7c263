"""Give up on a database that is locked, in time for who waits for the answer."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

Execute = Callable[..., Any]


@contextmanager
def waiting_until(deadline: float) -> Iterator[None]:
    """Let statements in this block wait for locks until then (time.monotonic), and no longer.

    Raises OperationalError from where it waited. Nothing is left behind on the connection, which
    others use next; behind a pooler not even for a moment.
    """
    if connection.vendor == "postgresql":
        with connection.execute_wrapper(_Limits(deadline)):
            yield
        return
    before_ms = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    _set_busy_timeout(_left_ms(deadline))
    try:
        yield
    finally:
        _set_busy_timeout(before_ms)


def _left_ms(deadline: float) -> int:
    return max(1, int((deadline - time.monotonic()) * 1000))


def _set_busy_timeout(wait_ms: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {wait_ms}")


class _Limits:
    """Tells PostgreSQL at the beginning of each transaction how long its locks may take."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._is_told = False

    def __call__(
        self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if connection.in_atomic_block and not self._is_told:
            self._is_told = True
            transaction.on_commit(self._begin_anew)
            wait_ms = _left_ms(self._deadline)
            limits = f"SET LOCAL lock_timeout = {wait_ms}; SET LOCAL statement_timeout = {wait_ms}"
            execute(limits, None, False, context)
        return execute(sql, params, many, context)

    def _begin_anew(self) -> None:
        self._is_told = False
