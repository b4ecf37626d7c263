"""What is old, too much or long resolved goes; what is counted stays."""

from typing import Any

import pytest

from errors import tasks
from errors.models import (
    Activity,
    Event,
    EventPayload,
    GroupingKey,
    HourlyCount,
    Issue,
    SeenEvent,
    StoredEnvelope,
    StoredItem,
    TagCount,
)
from errors.rows import delete_where
from errors.services.pace import Pace, Stopped
from errors.services.removal import remove_issue
from errors.services.retention import (
    Reason,
    Report,
    RetentionBusyError,
    age_issues,
    by_age,
    enforce_retention,
    preview_retention,
    trim_grown_issues,
)
from errors.services.retention.lock import one_at_a_time
from errors.services.status import resolve_issues
from errors.tests.prepared import NOON, make_prepared, make_project, store_events
from errors.tests.received import DAY, NOW, ages_of, keep_item, make_received, receive
from projects.models import Project, SitePolicy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be detached inside of a test's transaction: see test_retention_days."""
    monkeypatch.setattr(by_age, "drop_partitions_before", lambda row_id: 0)


def enforce(**options: Any) -> Report:
    """A run without rests, and that a dry one before it says the same."""
    pace = Pace(share=1.0)
    foretold = preview_retention(now=NOW, project_id=options.get("project_id"))
    report = enforce_retention(now=NOW, pace=pace, **options)
    assert foretold == report
    assert report.is_complete
    return report


def keep(project: Project, **numbers: int) -> None:
    Project.objects.filter(pk=project.pk).update(**numbers)


def test_events_and_items_beyond_the_retention_go_with_their_payloads() -> None:
    project = make_project()
    receive(project, 91, 89)
    keep_item(project, NOW - 92 * DAY)
    keep_item(project, NOW - 88 * DAY)
    report = enforce()
    assert (report.events, report.items) == ({Reason.AGE: 1}, 2)
    assert Event.objects.count() == EventPayload.objects.count() == 1
    assert StoredItem.objects.count() == StoredEnvelope.objects.count() == 1
    assert SeenEvent.objects.count() == 1
    assert Issue.objects.get().event_count == 2


def test_each_project_has_a_retention_of_its_own() -> None:
    short, long = make_project(), make_project("blog", "BLOG")
    keep(short, retention_days=10)
    keep(long, retention_days=120)
    receive(short, 11.5, 91, 121.5)
    receive(long, 11, 92, 122)
    enforce()
    assert (ages_of(short), ages_of(long)) == ([], [92, 11])
    # Their ids are known as long as any project keeps its events.
    assert SeenEvent.objects.count() == 4


def test_the_sites_policy_stands_above_the_settings_and_below_a_projects() -> None:
    usual, own = make_project(), make_project("blog", "BLOG")
    SitePolicy.objects.create(pk=SitePolicy.ONLY, retention_days=20)
    keep(own, retention_days=40)
    for project in (usual, own):
        receive(project, 10, 30, 50)
    enforce()
    assert (ages_of(usual), ages_of(own)) == ([10], [30, 10])


def test_one_project_alone_can_be_enforced() -> None:
    one, other = make_project(), make_project("blog", "BLOG")
    receive(one, 100)
    receive(other, 101)
    assert enforce(project_id=one.pk).event_total == 1
    assert (ages_of(one), ages_of(other)) == ([], [101])


def test_without_a_project_nothing_happens() -> None:
    assert enforce() == Report()


def test_an_issue_keeps_its_first_event_and_its_newest() -> None:
    project = make_project()
    keep(project, max_events_per_issue=10)
    events = [make_prepared(project, tags=[("region", "eu")]) for _ in range(40)]
    keep(project, retention_days=3650)
    store_events(events, now=NOON)
    assert trim_grown_issues(now=NOW, pace=Pace(share=1.0)).event_total == 29
    ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    assert ids == [events[0].row_id, *(event.row_id for event in events[-10:])]
    assert EventPayload.objects.count() == 11
    assert Issue.objects.get().event_count == TagCount.objects.get().count == 40
    assert sum(HourlyCount.objects.values_list("count", flat=True)) == 40
    assert SeenEvent.objects.count() == 40
    assert trim_grown_issues(now=NOW, pace=Pace(share=1.0)).event_total == 0


def test_events_around_changes_of_state_stay_beside_the_newest() -> None:
    project = make_project()
    keep(project, max_events_per_issue=10)
    issue = receive(project, *range(1, 41))
    Activity.objects.create(issue=issue, kind="resolved", created_at=NOW - 30.5 * DAY)
    Activity.objects.create(issue=issue, kind="regressed", created_at=NOW - 29.5 * DAY)
    assert enforce().events == {Reason.ISSUE: 40 - 14}
    assert ages_of(project) == [40, 31, 30, 29, *range(10, 0, -1)]
    assert enforce().event_total == 0


def test_the_budget_counts_over_all_keys_of_an_issue() -> None:
    project = make_project()
    keep(project, max_events_per_issue=10)
    keep(project, retention_days=3650)
    events = [make_prepared(project, name, secondary="all") for name in "ab" * 15]
    store_events(events, now=NOON)
    enforce()
    ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    assert ids == [events[0].row_id, *(event.row_id for event in events[-10:])]


def test_an_issue_within_its_budget_keeps_everything() -> None:
    project = make_project()
    keep(project, max_events_per_issue=10)
    receive(project, *range(1, 12))
    assert enforce().event_total == 0


def test_a_trimmed_issue_is_looked_at_again_once_it_has_grown() -> None:
    project = make_project()
    keep(project, max_events_per_issue=10)
    receive(project, *(0.1 * number for number in range(1, 31)))
    assert trim_grown_issues(now=NOW, pace=Pace(share=1.0)).event_total == 19
    receive(project, *(0.01 * number for number in range(1, 10)))
    assert trim_grown_issues(now=NOW, pace=Pace(share=1.0)).event_total == 0
    receive(project, 0.001)
    assert trim_grown_issues(now=NOW, pace=Pace(share=1.0)).event_total == 10


@pytest.mark.django_db(transaction=True)
def test_an_issue_that_is_removed_meanwhile_stops_no_run() -> None:
    project = make_project()
    keep(project, max_events_per_issue=10)
    receive(project, *(0.01 * number for number in range(1, 31)))
    going = receive(project, *(0.01 * number for number in range(1, 31)), group="going")
    store_events(
        [make_received(project, NOW, row=500 + n, group="last") for n in range(30)], now=NOON
    )

    class Meanwhile(Pace):
        def rest(self) -> None:
            remove_issue(going.pk, pace=Pace(share=1.0))

    report = trim_grown_issues(now=NOW, pace=Meanwhile(share=1.0))
    assert report.is_complete
    assert report.event_total == 2 * 19


def test_a_project_keeps_its_newest_events() -> None:
    project, other = make_project(), make_project("blog", "BLOG")
    keep(project, max_events=4)
    receive(project, *range(1, 11))
    receive(other, 50)
    assert enforce().events == {Reason.PROJECT: 6}
    # The issue's first event goes last.
    assert ages_of(project) == [10, 3, 2, 1]
    assert ages_of(other) == [50]


def test_first_and_newest_events_go_last_when_a_project_is_full() -> None:
    project = make_project()
    keep(project, max_events=3)
    for number, group in enumerate("abcde"):
        receive(project, 20 + number, 10 + number, 0.1 * (number + 1), group=group)
    assert enforce().events == {Reason.PROJECT: 12}
    assert ages_of(project) == [0.3, 0.2, 0.1]
    assert Issue.objects.filter(event_count=3).count() == 5


def test_reasons_do_not_count_the_same_event_twice() -> None:
    project = make_project()
    keep(project, retention_days=50, max_events_per_issue=10, max_events=15, resolved_days=30)
    receive(project, *range(1, 61), group="noisy")
    receive(project, *(number + 0.5 for number in range(1, 9)), group="quiet")
    gone = receive(project, 55.5, 45.5, 44.5, group="resolved")
    Issue.objects.filter(pk=gone.pk).update(status="resolved", status_changed_at=NOW - 40 * DAY)
    report = enforce()
    assert report.events == {
        Reason.AGE: 11,
        Reason.RESOLVED: 2,
        Reason.ISSUE: 39,
        Reason.PROJECT: 4,
    }
    assert report.issues == 1
    assert Event.objects.count() == 15


def test_an_issue_resolved_long_ago_goes_with_everything() -> None:
    project = make_project()
    keep(project, resolved_days=30)
    issue = receive(project, 60, 50)
    resolve_issues(Issue.objects.filter(pk=issue.pk), user=None, now=NOW - 31 * DAY)
    assert enforce().issues == 1
    for model in (Issue, Event, EventPayload, GroupingKey, HourlyCount, Activity):
        assert not model.objects.exists(), model


@pytest.mark.parametrize(
    "since",
    [
        {"status": "resolved", "status_changed_at": NOW - 29 * DAY},
        {"status": "archived", "status_changed_at": NOW - 31 * DAY},
        {"status": "resolved", "status_changed_at": NOW - 31 * DAY, "last_seen_at": NOW - DAY},
    ],
)
def test_an_issue_resolved_of_late_or_seen_since_stays(since: dict[str, Any]) -> None:
    project = make_project()
    keep(project, resolved_days=30)
    issue = receive(project, 60, 50)
    Issue.objects.filter(pk=issue.pk).update(**since)
    assert enforce() == Report()


def test_an_issue_that_somebody_touched_since_stays() -> None:
    project = make_project()
    keep(project, resolved_days=30)
    issue = receive(project, 60)
    Issue.objects.filter(pk=issue.pk).update(status="resolved", status_changed_at=NOW - 40 * DAY)
    Activity.objects.create(issue=issue, kind="archived", created_at=NOW - 20 * DAY)
    assert enforce().issues == 0


def test_resolved_issues_stay_for_ever_unless_told_otherwise() -> None:
    issue = receive(make_project(), 60)
    Issue.objects.filter(pk=issue.pk).update(status="resolved", status_changed_at=NOW - 59 * DAY)
    assert enforce().issues == 0


class _Stopping(Pace):
    """Stops after so many steps, as a signal would."""

    def __init__(self, steps: int) -> None:
        super().__init__(share=1.0)
        self._left = steps

    def rest(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Stopped


def test_a_run_that_was_stopped_goes_on_with_the_next() -> None:
    project = make_project()
    keep(project, retention_days=30, max_events_per_issue=10)
    receive(project, *range(1, 61))
    foretold = preview_retention(now=NOW).event_total
    removed = runs = 0
    while True:
        report = enforce_retention(now=NOW, pace=_Stopping(1))
        removed, runs = removed + report.event_total, runs + 1
        assert Event.objects.count() == EventPayload.objects.count() == 60 - removed
        if report.event_total == 0:
            break
    assert (removed, runs) == (foretold, 3)
    assert Issue.objects.get().event_count == 60


def test_two_runs_do_not_work_at_the_same_time() -> None:
    receive(make_project(), 100)
    with one_at_a_time(), pytest.raises(RetentionBusyError):
        enforce_retention(now=NOW)
    assert Event.objects.count() == 1
    assert enforce_retention(now=NOW).event_total == 1


def test_a_removed_event_that_is_sent_again_counts_nothing() -> None:
    project = make_project()
    keep(project, max_events_per_issue=1)
    events = [make_received(project, NOW - DAY, row=row) for row in range(5)]
    store_events(events, now=NOON)
    enforce_retention(now=NOW)
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


def test_large_deletions_go_in_batches() -> None:
    project = make_project()
    store_events([make_prepared(project) for _ in range(25)], now=NOON)
    assert delete_where(SeenEvent, "project_id = %s", [project.pk], batch=10) == 25


def test_a_task_that_ran_out_of_time_goes_on_behind_others(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    monkeypatch.setattr(
        tasks.enforce_retention, "apply_async", lambda expires: asked.append(expires)
    )
    monkeypatch.setattr(tasks, "RUN_S", -1)
    receive(make_project(), 100)
    tasks.enforce_retention()
    assert len(asked) == 1
    with one_at_a_time():
        tasks.enforce_retention()
    monkeypatch.setattr(tasks, "RUN_S", 20)
    tasks.enforce_retention()
    tasks.enforce_event_budgets()
    assert len(asked) == 1
