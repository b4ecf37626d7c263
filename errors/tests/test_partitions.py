"""PostgreSQL's days: there in time, gone as a whole, and in nobody's way."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from common.row_ids import EPOCH, ids_of_day
from errors import partitions
from errors.migrations._partitioned import PartitionByDay
from errors.models import Event, EventPayload, GroupingKey, Issue
from errors.partitions import (
    PARTITIONED,
    PartitionGoneError,
    drop_partitions_before,
    ensure_partitions,
    partition_name,
    partitions_of,
)
from errors.rows import insert_rows
from errors.services.prepare import PreparedEvent
from errors.services.record import Assigned, Recorded, assign, record_events
from errors.tests.prepared import NOON, make_prepared, make_project, store_events

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]
# The day number of a clock that runs decades ahead.
IN_2060 = (EPOCH.replace(year=2060) - EPOCH).days


@pytest.fixture(autouse=True)
def _no_partitions() -> Iterator[None]:
    drop_partitions_before(ids_of_day(25_000).start)
    yield
    drop_partitions_before(ids_of_day(25_000).start)


def days_of(table: str = "errors_event") -> list[int]:
    return [one.day for one in partitions_of(table)]


def store_on(*days: int) -> list[int]:
    """Store one event received on each day; return their ids."""
    project = make_project()
    events = [received_on(day, make_prepared(project)) for day in days]
    return [one.row_id for one in store_events(events, now=NOON)]


def received_on(day: int, event: PreparedEvent) -> PreparedEvent:
    object.__setattr__(event, "row_id", ids_of_day(day).start + 1)
    return event


def record(event: PreparedEvent, assigned: Assigned) -> list[Recorded]:
    with transaction.atomic():
        return record_events([event], assigned, now=NOON)


@contextmanager
def other_connection() -> Iterator[psycopg.Connection]:
    """A session beside Django's, in a transaction of its own."""
    parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
    with psycopg.connect(**parameters, autocommit=False) as other:
        yield other


def in_threads(count: int, work: Callable[[], None]) -> None:
    def alone() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        for future in [pool.submit(alone) for _ in range(count)]:
            future.result()


def test_a_batch_finds_its_day_and_the_next_one_is_ready() -> None:
    (row_id,) = store_on(300)

    assert days_of() == days_of("errors_eventpayload") == [300, 301]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {partition_name('errors_event', 300)}")
        assert cursor.fetchall() == [(row_id,)]


def test_a_long_backlog_and_a_wrong_clock_make_their_own_days_only() -> None:
    store_on(300, 12, IN_2060)

    assert days_of() == [12, 13, 300, 301, IN_2060, IN_2060 + 1]
    assert Event.objects.count() == EventPayload.objects.count() == 3


def test_days_outlive_a_batch_that_fails() -> None:
    project = make_project()
    event = received_on(300, make_prepared(project))
    assigned = assign([event], now=NOON)
    with pytest.raises(RuntimeError), transaction.atomic():
        record_events([event], assigned, now=NOON)
        raise RuntimeError

    assert days_of() == [300, 301]
    assert Event.objects.count() == 0


def test_workers_that_reach_midnight_together_make_one_day() -> None:
    ready = threading.Barrier(4)

    def reach_midnight() -> None:
        ready.wait()
        ensure_partitions([ids_of_day(300).start])

    in_threads(4, reach_midnight)
    assert days_of() == [300, 301]


def test_what_is_made_in_a_transaction_is_not_remembered_when_it_fails() -> None:
    row_id = ids_of_day(300).start
    with pytest.raises(RuntimeError), transaction.atomic():
        ensure_partitions([row_id])
        raise RuntimeError
    assert days_of() == []

    ensure_partitions([row_id])
    assert days_of() == [300, 301]


def test_a_remembered_day_costs_no_query(django_assert_num_queries: Callable) -> None:  # type: ignore[type-arg]
    ensure_partitions([ids_of_day(300).start])
    with django_assert_num_queries(0):
        ensure_partitions([ids_of_day(300).start + 5])


def test_a_delivery_of_a_day_that_was_dropped_meanwhile_is_tried_again() -> None:
    event = received_on(300, make_prepared(make_project()))
    assigned = assign([event], now=NOON)
    drop_partitions_before(ids_of_day(301).start)
    with pytest.raises(PartitionGoneError):
        record(event, assigned)

    assert [one.row_id for one in store_events([event], now=NOON)] == [event.row_id]


def test_a_session_that_ends_in_a_copy_is_an_outage() -> None:
    event = received_on(300, make_prepared(make_project()))
    assigned = assign([event], now=NOON)
    with (
        pytest.raises(OperationalError),
        transaction.atomic(),
        other_connection() as killer,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT pg_backend_pid()")
        killer.execute("SELECT pg_terminate_backend(%s, 5000)", cursor.fetchone())
        insert_rows(Event, ["id"], [[event.row_id]])

    connection.close()
    assert record(event, assigned)


def test_only_whole_days_before_the_limit_go_with_their_payloads() -> None:
    _, _, kept = store_on(300, 301, 302)

    assert drop_partitions_before(ids_of_day(302).start + 1) == 2 * len(PARTITIONED)

    assert days_of() == days_of("errors_eventpayload") == [302, 303]
    assert list(Event.objects.values_list("pk", flat=True)) == [kept]
    assert list(EventPayload.objects.values_list("pk", flat=True)) == [kept]
    assert Issue.objects.get().event_count == 3


def test_a_day_in_use_is_left_while_others_read_and_write_and_goes_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(partitions, "LOCK_TIMEOUT_MS", 100)
    monkeypatch.setattr(partitions, "DROP_ATTEMPTS", 2)
    monkeypatch.setattr(partitions, "DROP_PAUSE_S", 0)
    store_on(300, 310)
    limit = ids_of_day(305).start
    with other_connection() as reader:
        reader.execute("SELECT count(*) FROM errors_event")

        assert drop_partitions_before(limit) == 2  # the payloads, which nobody reads

        assert [one.is_leaving for one in partitions_of("errors_event")].count(True) == 1
        assert Event.objects.count() == 1
        assert store_events([make_prepared_again(310)], now=NOON)

    assert drop_partitions_before(limit) == 2
    assert days_of() == [310, 311]
    assert Event.objects.count() == 2


def make_prepared_again(day: int) -> PreparedEvent:
    event = make_prepared(GroupingKey.objects.get().project)
    object.__setattr__(event, "row_id", ids_of_day(day).start + 2)
    return event


def test_an_end_between_detaching_and_dropping_is_made_good() -> None:
    store_on(300)
    detach("errors_event", 300)

    assert drop_partitions_before(ids_of_day(301).start) == len(PARTITIONED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [partition_name("errors_event", 300)])
        assert cursor.fetchone() == (None,)


def test_a_late_delivery_brings_back_a_day_that_was_not_dropped_yet() -> None:
    (row_id,) = store_on(300)
    detach("errors_event", 300)
    partitions.forget_partitions()

    late = make_prepared_again(300)
    store_events([late], now=NOON)

    assert set(Event.objects.values_list("pk", flat=True)) == {row_id, late.row_id}


def detach(table: str, day: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DETACH PARTITION {partition_name(table, day)}")


def test_rows_survive_the_way_to_partitions_and_back() -> None:
    ids = store_on(300, 310)
    assert repartition("database_backwards") == []
    assert list(Event.objects.order_by("pk").values_list("pk", flat=True)) == ids
    assert repartition("database_forwards") == ["errors_event", "errors_eventpayload"]

    (only,) = partitions_of("errors_event")
    assert (only.day, only.is_first) == (310, True)
    store_events([make_prepared_again(310), make_prepared_again(12)], now=NOON)
    store_events([make_prepared_again(311)], now=NOON)
    assert Event.objects.count() == EventPayload.objects.count() == 5
    assert days_of() == [310, 311, 312]
    assert drop_partitions_before(ids_of_day(311).start) == len(PARTITIONED)
    assert Event.objects.count() == 1


def repartition(direction: str) -> list[str]:
    """Apply the migration's operation to the tables of today; return those partitioned then."""
    state = MigrationLoader(connection).project_state()
    for name in ("Event", "EventPayload"):
        with connection.schema_editor() as editor:
            getattr(PartitionByDay(name), direction)("errors", editor, state, state)
    partitions.forget_partitions()
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'p' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def test_a_dump_is_loaded_into_days_that_are_not_there(tmp_path: Path) -> None:
    ids = store_on(300, 310)
    dump = tmp_path / "events.json"
    call_command("dumpdata", "errors.event", "errors.eventpayload", output=str(dump))
    drop_partitions_before(ids_of_day(400).start)
    call_command("loaddata", str(dump), verbosity=0)

    assert list(Event.objects.order_by("pk").values_list("pk", flat=True)) == ids
    assert EventPayload.objects.count() == 2
    assert days_of() == [300, 301, 310, 311]
