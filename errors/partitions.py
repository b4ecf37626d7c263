"""PostgreSQL's daily partitions of events: made before a batch needs them, dropped as a whole.

SQLite has none, and nothing here does anything there. A partition is named for the last day in
it: `errors_event_20261120`. No lock that is waited for here holds up readers or writers.
"""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from django.db import IntegrityError, OperationalError, connection, transaction

from common.row_ids import date_of, day_of, ids_of_day

# The partitioned tables and their columns of the row id. Events first: a payload that outlives
# its event for a moment is not seen, the other way round it would be missed.
PARTITIONED = {"errors_event": "id", "errors_eventpayload": "event_id"}
# Of all who make or drop partitions one works at a time ("part" in ASCII).
LOCK = 0x70617274
LOCK_TIMEOUT_MS = 2_000
DROP_ATTEMPTS = 5
DROP_PAUSE_S = 1.0
# A site keeps some hundreds of days; more of them come from clocks that go wrong.
MAX_KNOWN_DAYS = 2_000

_CHECK_VIOLATION = "23514"
# A lock that was not had in time; another detach of the same table that is under way.
_BUSY = ("55P03", "55000")
_PARTITIONS = """
    SELECT relname, pg_get_expr(relpartbound, oid) LIKE '%%MINVALUE%%', inhdetachpending
    FROM pg_inherits JOIN pg_class ON oid = inhrelid
    WHERE inhparent = %s::regclass
"""
_DETACHED = """
    SELECT relname FROM pg_class
    WHERE relname ~ %s AND relkind = 'r' AND NOT relispartition AND pg_table_is_visible(oid)
"""

log = structlog.get_logger(__name__)
_known_days: set[int] = set()


class PartitionGoneError(OperationalError):
    """A day's partition was dropped after it was looked for; another attempt makes it anew."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition by its last day; `is_first` takes all days before as well.

    is_leaving: its detaching was begun and not finished, and no query sees it any more.
    """

    name: str
    day: int
    is_first: bool = False
    is_leaving: bool = False

    @property
    def stop(self) -> int:
        """Above every row id in it."""
        return ids_of_day(self.day).stop

    def covers(self, day: int) -> bool:
        """Whether rows of this day belong into it."""
        return day == self.day or (self.is_first and day < self.day)


def partition_name(table: str, day: int) -> str:
    """The name of a partition whose last day this is."""
    return f"{table}_{date_of(day):%Y%m%d}"


def partitions_of(table: str) -> list[Partition]:
    """The partitions of a table, oldest first; those that leave before all others."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONS, [table])
        found = [Partition(name, _day_in(name), *rest) for name, *rest in cursor.fetchall()]
    return sorted(found, key=lambda one: (not one.is_leaving, one.day))


def ensure_partitions(row_ids: Iterable[int]) -> None:
    """Make the partitions of these ids' days, and of the days after them: ahead of midnight.

    Transaction: its own, so that what it makes outlives a batch that fails. Inside of another
    it asks the database each time.
    Raises: OperationalError when the locks are not had within seconds.
    """
    if connection.vendor != "postgresql":
        return
    days = {day_of(row_id) for row_id in row_ids}
    if days <= _known_days:
        return
    with transaction.atomic():
        _lock()
        for table, key in PARTITIONED.items():
            _make_missing(table, key, days | {day + 1 for day in days})
        transaction.on_commit(lambda: _remember(days))


def forget_partitions() -> None:
    """Look for every partition anew: a write was rolled back, or one has gone."""
    _known_days.clear()


@contextmanager
def missing_partition_is_outage() -> Iterator[None]:
    """Around inserts. Raises PartitionGoneError for a row whose day has no partition."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        # A check of ours that is violated has a name.
        if diagnosis is None or diagnosis.sqlstate != _CHECK_VIOLATION or diagnosis.constraint_name:
            raise
        forget_partitions()
        raise PartitionGoneError(diagnosis.message_primary) from error


def drop_partitions_before(row_id: int) -> int:
    """Drop the partitions whose rows all have lesser ids; return how many.

    Call outside of a transaction. One that stays in use is left for the next time; so is what
    an end in the middle leaves behind.
    """
    if connection.vendor != "postgresql":
        return 0
    dropped = 0
    _execute("SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_TIMEOUT_MS}ms"])
    try:
        for table in PARTITIONED:
            found = _detached_from(table) + partitions_of(table)
            old = [one for one in found if one.is_leaving or one.stop <= row_id]
            dropped += sum(_drop_patiently(table, one.name) for one in old)
    finally:
        _execute("RESET lock_timeout")
    forget_partitions()
    return dropped


def _remember(days: set[int]) -> None:
    if len(_known_days) > MAX_KNOWN_DAYS:
        _known_days.clear()
    _known_days.update(days)


def _make_missing(table: str, key: str, days: Iterable[int]) -> None:
    found = partitions_of(table)
    for one in found:
        if one.is_leaving and any(map(one.covers, days)):
            _execute(f"ALTER TABLE {table} DETACH PARTITION {one.name} FINALIZE")
    for day in sorted(days):
        if not any(one.covers(day) for one in found if not one.is_leaving):
            _make(table, key, day)


def _make(table: str, key: str, day: int) -> None:
    """Attach a new table: unlike PARTITION OF, that lets reading and writing go on.

    One that was detached and not dropped yet comes back as it is.
    """
    name, ids = partition_name(table, day), ids_of_day(day)
    _execute(f"CREATE TABLE IF NOT EXISTS {name} (LIKE {table} INCLUDING ALL)")
    _execute(
        f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({ids.start}) TO ({ids.stop})"
    )
    log.info("partitions.made", partition=name)


def _drop_patiently(table: str, name: str) -> bool:
    for _ in range(DROP_ATTEMPTS):
        try:
            _detach(table, name)
            return _drop_detached(name)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in _BUSY:
                raise
            log.info("partitions.busy", partition=name, error=str(error).strip())
            time.sleep(DROP_PAUSE_S)
    return False


def _detach(table: str, name: str) -> None:
    found = next((one for one in partitions_of(table) if one.name == name), None)
    if found:
        how = "FINALIZE" if found.is_leaving else "CONCURRENTLY"
        _execute(f"ALTER TABLE {table} DETACH PARTITION {name} {how}")


def _drop_detached(name: str) -> bool:
    """Drop what is no partition any more; one that a late delivery brought back stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        _lock()
        cursor.execute("SELECT relispartition FROM pg_class WHERE oid = to_regclass(%s)", [name])
        if cursor.fetchone() != (False,):
            return False
        cursor.execute(f"DROP TABLE {name}")
    log.info("partitions.dropped", partition=name)
    return True


def _detached_from(table: str) -> list[Partition]:
    """What an end between detaching and dropping left behind."""
    with connection.cursor() as cursor:
        cursor.execute(_DETACHED, [rf"^{table}_\d{{8}}$"])
        return [Partition(name, _day_in(name)) for (name,) in cursor.fetchall()]


def _day_in(name: str) -> int:
    return (date.fromisoformat(re.sub(r".*_", "", name)) - date_of(0)).days


def _lock() -> None:
    _execute("SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_TIMEOUT_MS}ms"])
    _execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _execute(statement: str, values: Sequence[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
