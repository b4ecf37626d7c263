"""What is old, too much or deleted goes; what is counted stays."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from common.row_ids import received_at_of, row_id_at
from errors.models import (
    Activity,
    Event,
    EventPayload,
    GroupingKey,
    HourlyCount,
    Issue,
    IssueUser,
    ItemCount,
    PayloadDictionary,
    SeenEvent,
    StoredEnvelope,
    StoredItem,
    TagCount,
)
from errors.rows import delete_where
from errors.services.deletion import remove_deleted
from errors.services.prepare import PreparedEvent
from errors.services.record_items import PreparedEnvelope, PreparedItem, count_items, record_items
from errors.services.retention import age_issues, enforce_budgets, remove_old
from errors.services.space import reclaim_space
from errors.tests.prepared import NOON, make_prepared, make_project, store_events
from projects.models import Project

pytestmark = pytest.mark.django_db

NOW = datetime.fromtimestamp(NOON, UTC)
DAY = timedelta(days=1)


def make_received(
    project: Project, moment: datetime, *, row: int = 0, **changes: Any
) -> PreparedEvent:
    """An event whose row id says that it was received then."""
    unix_s = moment.timestamp()
    event = make_prepared(project, at=unix_s, **changes)
    return replace(event, row_id=row_id_at(int(unix_s * 1000)) + row)


def keep_item(project: Project, moment: datetime) -> None:
    row_id = row_id_at(int(moment.timestamp() * 1000))
    record_items(
        [PreparedEnvelope(project.pk, row_id, "", {})],
        [PreparedItem(project.pk, row_id, 0, "session", {"type": "session"}, b"", 0)],
    )


def test_events_and_items_beyond_the_retention_go_with_their_payloads() -> None:
    project = make_project()
    store_events(
        [make_received(project, NOW - 91 * DAY), make_received(project, NOW - 89 * DAY)], now=NOON
    )
    keep_item(project, NOW - 91 * DAY)
    keep_item(project, NOW - 89 * DAY)
    assert remove_old(now=NOW) == 1
    assert Event.objects.count() == EventPayload.objects.count() == 1
    assert StoredItem.objects.count() == StoredEnvelope.objects.count() == 1
    assert SeenEvent.objects.count() == 1
    assert Issue.objects.get().event_count == 2


def test_each_project_has_a_retention_of_its_own() -> None:
    short, long = make_project(), make_project("blog", "BLOG")
    Project.objects.filter(pk=short.pk).update(retention_days=10)
    Project.objects.filter(pk=long.pk).update(retention_days=120)
    for days in (11, 91, 121):
        store_events(
            [
                make_received(short, NOW - days * DAY),
                make_received(long, NOW - days * DAY, row=1),
            ],
            now=NOON,
        )
    remove_old(now=NOW)
    left = Event.objects.order_by("pk").values_list("project", "pk")
    ages = [(project, (NOW - received_at_of(pk)).days) for project, pk in left]
    assert ages == [(long.pk, 91), (long.pk, 11)]
    # Their ids are known as long as any project keeps its events.
    assert SeenEvent.objects.count() == 4


def test_an_issue_keeps_its_first_event_and_its_newest() -> None:
    project = make_project()
    Project.objects.filter(pk=project.pk).update(max_events_per_issue=10)
    events = [make_prepared(project, tags=[("region", "eu")]) for _ in range(40)]
    store_events(events, now=NOON)
    assert enforce_budgets(now=NOW) == 29
    ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    assert ids == [events[0].row_id, *(event.row_id for event in events[-10:])]
    assert EventPayload.objects.count() == 11
    assert Issue.objects.get().event_count == TagCount.objects.get().count == 40
    assert SeenEvent.objects.count() == 40
    assert enforce_budgets(now=NOW) == 0


def test_the_budget_counts_over_all_keys_of_an_issue() -> None:
    project = make_project()
    Project.objects.filter(pk=project.pk).update(max_events_per_issue=10)
    events = [make_prepared(project, name, secondary="all") for name in "ab" * 15]
    store_events(events, now=NOON)
    enforce_budgets(now=NOW)
    ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    assert ids == [events[0].row_id, *(event.row_id for event in events[-10:])]


def test_an_issue_within_its_budget_keeps_everything() -> None:
    project = make_project()
    store_events([make_prepared(project) for _ in range(11)], now=NOON)
    Project.objects.filter(pk=project.pk).update(max_events_per_issue=10)
    assert enforce_budgets(now=NOW) == 0


def test_a_removed_event_that_is_sent_again_counts_nothing() -> None:
    project = make_project()
    Project.objects.filter(pk=project.pk).update(max_events_per_issue=1)
    events = [make_prepared(project) for _ in range(5)]
    store_events(events, now=NOON)
    enforce_budgets(now=NOW)
    assert Event.objects.count() == 2
    assert store_events([make_prepared(project, event_id=events[2].event_id)], now=NOON) == []


def test_an_issue_is_new_for_a_week() -> None:
    project = make_project()
    store_events([make_prepared(project, "a", at=NOON - 8 * 86400)], now=NOON)
    store_events([make_prepared(project, "b", at=NOON - 6 * 86400)], now=NOON)
    assert age_issues(now=NOW) == 1
    assert list(Issue.objects.order_by("number").values_list("substatus", flat=True)) == [
        "ongoing",
        "new",
    ]


def test_a_deleted_issue_goes_with_all_that_hangs_on_it() -> None:
    project = make_project()
    tags = [("region", "eu")]
    store_events(
        [make_prepared(project, name, user_hash=7, tags=tags) for name in ("a", "b")], now=NOON
    )
    gone, kept = Issue.objects.order_by("number")
    Activity.objects.create(issue=gone, kind=Activity.Kind.RESOLVED, created_at=NOW)
    for key in GroupingKey.objects.all():
        PayloadDictionary.objects.create(
            project=project,
            platform="python",
            grouping_key=key,
            version=1,
            sample_count=5,
            content=b"",
            created_at=NOW,
        )
    Issue.objects.filter(pk=gone.pk).update(deleted_at=NOW)
    assert remove_deleted(now=NOW + timedelta(minutes=4)) == 0
    assert remove_deleted(now=NOW + timedelta(minutes=6)) == 1
    assert list(Issue.objects.all()) == [kept]
    for model in (
        Event,
        EventPayload,
        TagCount,
        HourlyCount,
        IssueUser,
        GroupingKey,
        PayloadDictionary,
    ):
        assert model.objects.count() == 1, model
    assert not Activity.objects.exists()
    # What was counted once is not counted again because somebody deleted it.
    assert SeenEvent.objects.count() == 2


def test_a_deleted_project_goes_and_others_stay() -> None:
    gone, kept = make_project(), make_project("blog", "BLOG")
    for project in (gone, kept):
        store_events([make_prepared(project, user_hash=7)], now=NOON)
        keep_item(project, NOW + timedelta(seconds=project.pk))
        count_items([(project.pk, "session", 1)])
        PayloadDictionary.objects.create(
            project=project, platform="p", version=1, sample_count=1, content=b"", created_at=NOW
        )
    Project.objects.filter(pk=gone.pk).update(deleted_at=NOW)
    remove_deleted(now=NOW + timedelta(minutes=6))
    assert list(Project.objects.all()) == [kept]
    for model in (
        Event,
        EventPayload,
        HourlyCount,
        IssueUser,
        GroupingKey,
        Issue,
        SeenEvent,
        StoredItem,
        StoredEnvelope,
        ItemCount,
        PayloadDictionary,
    ):
        assert model.objects.count() == 1, model


def test_an_issue_that_a_failed_batch_left_without_events_goes() -> None:
    project = make_project()
    Issue.objects.create(
        project=project,
        number=1,
        title="Empty",
        status_changed_at=NOW - timedelta(hours=2),
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    remove_deleted(now=NOW)
    remove_deleted(now=NOW + timedelta(minutes=6))
    assert not Issue.objects.exists()


def test_large_deletions_go_in_batches() -> None:
    project = make_project()
    store_events([make_prepared(project) for _ in range(25)], now=NOON)
    assert delete_where(SeenEvent, "project_id = %s", [project.pk], batch=10) == 25


def test_sqlite_gives_deleted_space_back(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        assert reclaim_space() == 0
        return
    path = tmp_path / "grown.sqlite3"
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;")
    database.execute("CREATE TABLE filler (content BLOB)")
    database.execute(
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
        "INSERT INTO filler SELECT zeroblob(8000) FROM n"
    )
    database.execute("DELETE FROM filler")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.stat().st_size
    own, connection.connection = connection.connection, database
    try:
        assert reclaim_space() > 4000
    finally:
        connection.connection = own
    assert path.stat().st_size < before / 4
    assert path.with_name(path.name + "-wal").stat().st_size == 0
    database.close()
