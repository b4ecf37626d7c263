"""Many rows in one statement: as they were given, and each once in a race."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from errors.arrays import array_literal
from errors.models import Event, Issue, SeenEvent
from errors.rows import insert_new, update_rows
from errors.services.prepare import PreparedEvent
from errors.services.record import Recorded, RowIdTakenError, assign, record_events
from errors.tests.prepared import NOON, make_prepared, make_project, store_events

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@on_postgresql
def test_postgresql_reads_every_list_as_it_was(db: None) -> None:
    @given(st.lists(TEXTS | st.none()), st.lists(st.binary()), st.lists(st.integers(0, 2**53)))
    def read(texts: list[str | None], blobs: list[bytes], numbers: list[int]) -> None:
        lists = [array_literal(values) for values in (texts, blobs, numbers)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::text[], %s::bytea[], %s::bigint[]", lists)
            assert cursor.fetchone() == (texts, blobs, numbers)

    read()


@on_postgresql
def test_postgresql_reads_times_uuids_and_words_that_mean_something(db: None) -> None:
    times = [datetime(2026, 6, 1, 12, 0, 0, 250, tzinfo=UTC)]
    uuids = [UUID(int=7)]
    with connection.cursor() as cursor:
        lists = [array_literal(values) for values in (times, uuids, ["NULL", "", "{}", "a,b"])]
        cursor.execute("SELECT %s::timestamptz[], %s::uuid[], %s::text[]", lists)
        assert cursor.fetchone() == (times, uuids, ["NULL", "", "{}", "a,b"])


@pytest.mark.django_db
def test_each_row_gets_its_own_values() -> None:
    project = make_project()
    store_events([make_prepared(project, name) for name in "abc"], now=NOON)
    first, second, third = Issue.objects.order_by("pk")
    noon = datetime.fromtimestamp(NOON, UTC)
    columns = ("title", "user_count", "last_seen_at", "id")
    update_rows(Issue, columns, [('"\\', 7, noon, first.pk), ("b", 0, noon, second.pk)])

    found = Issue.objects.order_by("pk").values_list("title", "user_count", "last_seen_at")
    assert list(found)[:2] == [('"\\', 7, noon), ("b", 0, noon)]
    assert Issue.objects.get(pk=third.pk).title == third.title


@pytest.mark.django_db
def test_only_what_is_new_is_returned() -> None:
    rows = [(1, 5, UUID(int=1)), (2, 5, UUID(int=2))]
    columns = ("row_id", "project_id", "event_id")
    stored = [[row[0], row[1], database_id(row[2])] for row in rows]
    assert insert_new(SeenEvent, columns, stored[:1], returning=("row_id",)) == [(1,)]
    assert insert_new(SeenEvent, columns, stored, returning=("row_id",)) == [(2,)]


def database_id(event_id: UUID) -> object:
    return SeenEvent._meta.get_field("event_id").get_db_prep_value(event_id, connection)


@pytest.mark.django_db
def test_another_event_with_the_same_row_id_is_never_taken_for_counted() -> None:
    project = make_project()
    first, second = make_prepared(project), make_prepared(project)
    object.__setattr__(second, "row_id", first.row_id)
    store_events([first], now=NOON)

    with pytest.raises(RowIdTakenError):
        store_events([second], now=NOON)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_batch_that_two_workers_write_at_once_counts_once() -> None:
    project = make_project()
    store_events([make_prepared(project, name) for name in "ab"], now=NOON)
    for _ in range(20):
        batch = [make_prepared(project, name) for name in "abab"]
        first, second = race(lambda batch=batch: write(batch), 2)  # type: ignore[misc]
        assert sorted(map(len, (first, second))) == [0, len(batch)]

    assert Event.objects.count() == sum(Issue.objects.values_list("event_count", flat=True)) == 82


def write(batch: list[PreparedEvent]) -> list[Recorded]:
    assigned = assign(batch, now=NOON)
    with transaction.atomic():
        return record_events(batch, assigned, now=NOON)


def race(work: Callable[[], list[Recorded]], workers: int) -> list[list[Recorded]]:
    """Let so many sessions do the same at the same moment."""
    ready = threading.Barrier(workers)

    def run() -> list[Recorded]:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            ready.wait(timeout=10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(run) for _ in range(workers)]
        return [future.result() for future in futures]
