"""One run of retention at a time on the whole installation."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

_LOCK_NAME = "retention"


class RetentionBusyError(Exception):
    """Another run is under way, here or on another host."""


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock meanwhile; a process that dies lets go of it. Raises RetentionBusyError."""
    lock = _postgres_lock() if connection.vendor == "postgresql" else _file_lock()
    with lock:
        yield


@contextmanager
def _postgres_lock() -> Iterator[None]:
    # In a transaction of a connection of its own: behind a transaction pooler, too, it belongs to
    # this run alone. It holds no snapshot, so it keeps no vacuum waiting.
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [_LOCK_NAME])
            if not cursor.fetchone()[0]:
                raise RetentionBusyError
        yield
    finally:
        with suppress(Exception):  # The server may have gone, and the lock with it.
            own.rollback()
        own.close()


@contextmanager
def _file_lock() -> Iterator[None]:
    with Path(settings.DATA_DIR, f"{_LOCK_NAME}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RetentionBusyError from error
        yield
