"""Which database a query goes to, where pages may read from a replica.

The choice is a request's, not a query's: `config.replica` lets a request read from the replica.
Tasks, commands, the digest and accept never ask, and so have the primary.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

PRIMARY = "default"
REPLICA = "replica"


@dataclass(slots=True)
class Reading:
    """A request that reads from the replica until it writes."""

    has_written: bool = False


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading_from_replica() -> Iterator[Reading]:
    """Let what runs inside read from the replica, as long as it has not written."""
    reading = Reading()
    token = _reading.set(reading)
    try:
        yield reading
    finally:
        _reading.reset(token)


class ReplicaRouter:
    """Django's router: writes, and all reads beside or after them, go to the primary."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        reading = _reading.get()
        if reading is None or reading.has_written or connection.in_atomic_block:
            return PRIMARY
        return REPLICA

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        if reading := _reading.get():
            reading.has_written = True
        return PRIMARY

    def allow_relation(self, first: models.Model, second: models.Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == PRIMARY
