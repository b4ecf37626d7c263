"""On PostgreSQL whole days go at once, when no project keeps them any more."""

from collections.abc import Iterator

import pytest
from django.db import connection

from common.row_ids import ids_of_day
from errors.models import Event, EventPayload
from errors.partitions import PARTITIONED, drop_partitions_before, partitions_of
from errors.services.pace import Pace
from errors.services.retention import Reason, enforce_retention, preview_retention
from errors.tests.prepared import make_project
from errors.tests.received import NOW, ages_of, receive
from projects.models import Project

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def _no_partitions() -> Iterator[None]:
    drop_partitions_before(ids_of_day(25_000).start)
    yield
    drop_partitions_before(ids_of_day(25_000).start)


def names() -> set[str]:
    return {one.name for one in partitions_of("errors_event")}


def test_days_beyond_the_longest_retention_are_dropped_and_counted() -> None:
    project = make_project()
    receive(project, 95, 94, 91, 60)
    assert preview_retention(now=NOW).events == {Reason.AGE: 3}
    assert enforce_retention(now=NOW, pace=Pace(share=1.0)).events == {Reason.AGE: 3}
    assert ages_of(project) == [60]
    assert EventPayload.objects.count() == Event.objects.count() == 1
    # Of each day that brought an event, and of the day after it.
    assert names() == {f"errors_event_2026{day}" for day in ("0303", "0402", "0403")}


def test_days_whose_events_went_before_are_dropped() -> None:
    project = make_project()
    receive(project, 95, 60)
    with connection.cursor() as cursor:
        # As when the payloads' partition was in use.
        cursor.execute("DROP TABLE errors_event_20260226")
        cursor.execute("DELETE FROM errors_event_20260227")
    enforce_retention(now=NOW, pace=Pace(share=1.0))
    for table in PARTITIONED:
        assert {one.name for one in partitions_of(table)} == {
            f"{table}_20260402",
            f"{table}_20260403",
        }
    assert EventPayload.objects.count() == 1


def test_a_day_that_one_project_still_keeps_is_emptied_row_by_row() -> None:
    usual, long = make_project(), make_project("blog", "BLOG")
    Project.objects.filter(pk=long.pk).update(retention_days=120)
    receive(usual, 95, 60)
    receive(long, 95, 60)
    before = names()
    assert enforce_retention(now=NOW, pace=Pace(share=1.0)).events == {Reason.AGE: 1}
    assert (ages_of(usual), ages_of(long)) == ([60], [95, 60])
    assert names() == before


def test_the_day_that_the_longest_retention_ends_in_stays_whole() -> None:
    project = make_project()
    receive(project, 90.4)
    assert enforce_retention(now=NOW, pace=Pace(share=1.0)).event_total == 0
    assert ages_of(project) == [90.4]


def test_a_run_for_one_project_drops_no_days() -> None:
    project = make_project()
    receive(project, 95)
    before = names()
    report = enforce_retention(now=NOW, project_id=project.pk, pace=Pace(share=1.0))
    assert report.events == {Reason.AGE: 1}
    assert names() == before
