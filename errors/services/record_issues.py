"""The counters and the face of issues: locked in the order of their ids, written last."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from errors.models import Activity, GroupingKey, HourlyCount, Issue
from errors.rows import add_counts, moment, update_rows
from errors.search import search_text_of
from errors.services.prepare import PreparedEvent
from errors.services.record_places import Places


class StaleAssignmentError(Exception):
    """Keys have moved or gone since they were read: forget the caches and do the batch again."""


@dataclass(frozen=True, slots=True)
class LockedKey:
    issue_id: int
    event_count: int
    first_seen_at: datetime | None
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class IssueChange:
    """What a batch made of an issue, and how many events it has then."""

    is_new: bool
    is_regression: bool
    event_count: int


def lock_keys(groups: dict[int, list[PreparedEvent]]) -> dict[int, LockedKey]:
    """Lock the grouping keys. Raises StaleAssignmentError when a hash now leads elsewhere."""
    rows = GroupingKey.objects.select_for_update(no_key=True).filter(pk__in=groups).order_by("pk")
    found = {}
    for key_id, project_id, hash_, issue_id, count, first, last in rows.values_list(
        "pk", "project_id", "hash", "issue_id", "event_count", "first_seen_at", "last_seen_at"
    ):
        event = groups[key_id][0]
        if (project_id, hash_) != (event.project_id, event.grouping.primary):
            raise StaleAssignmentError
        found[key_id] = LockedKey(issue_id, count, first, last)
    if len(found) < len(groups):
        raise StaleAssignmentError
    return found


def lock_issues(issue_ids: Collection[int]) -> dict[int, Issue]:
    """Lock the issues. Raises StaleAssignmentError when one was deleted."""
    rows = (
        Issue.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=issue_ids, deleted_at=None)
        .order_by("pk")
    )
    found = {issue.pk: issue for issue in rows}
    if len(found) < len(issue_ids):
        raise StaleAssignmentError
    return found


def count_keys(groups: dict[int, list[PreparedEvent]], locked: dict[int, LockedKey]) -> None:
    """Add the new events to their keys' totals and spans."""
    rows = []
    for key_id, events in sorted(groups.items()):
        key = locked[key_id]
        first, last = _span(events, key.first_seen_at, key.last_seen_at)
        rows.append((key.event_count + len(events), first, last, key_id))
    update_rows(GroupingKey, ("event_count", "first_seen_at", "last_seen_at", "id"), rows)


def count_hours(groups: dict[int, list[PreparedEvent]], places: Places) -> None:
    """Add the new events to the hours and environments in which they happened."""
    counts: dict[tuple[int, int, int], int] = defaultdict(int)
    for key_id, events in groups.items():
        for event in events:
            environment_id = places.environments[(event.project_id, event.environment)]
            counts[(key_id, int(event.occurred_at // 3600), environment_id)] += 1
    rows = [(*name, count) for name, count in sorted(counts.items())]
    add_counts(HourlyCount, ("grouping_key_id", "hour", "environment_id"), rows)


def update_issues(
    events_by_issue: dict[int, list[PreparedEvent]],
    issues: dict[int, Issue],
    new_people: dict[int, int],
    places: Places,
    now: float,
) -> dict[int, IssueChange]:
    """Count the new events, let the newest one name the issue, reopen what came back."""
    changes = {}
    for issue_id, events in events_by_issue.items():
        changes[issue_id] = _change(issues[issue_id], events, places, now)
        issues[issue_id].user_count += new_people.get(issue_id, 0)
    _write_issues(issues.values())
    Activity.objects.bulk_create(
        [
            _regression_of(issue_id, events_by_issue[issue_id], now)
            for issue_id, change in changes.items()
            if change.is_regression
        ]
    )
    return changes


def _change(
    issue: Issue, events: Sequence[PreparedEvent], places: Places, now: float
) -> IssueChange:
    is_new = issue.event_count == 0
    newest = max(events, key=lambda event: (event.occurred_at, event.row_id))
    if is_new or moment(newest.occurred_at) >= issue.last_seen_at:
        _follow(issue, newest, places)
    if is_new:
        earliest = min(events, key=lambda event: (event.occurred_at, event.row_id))
        issue.first_release_id = _release_of(earliest, places)
    issue.event_count += len(events)
    issue.first_seen_at, issue.last_seen_at = _span(events, issue.first_seen_at, issue.last_seen_at)
    is_regression = _came_back(issue, events)
    if is_regression:
        issue.status = Issue.Status.UNRESOLVED
        issue.substatus = Issue.Substatus.REGRESSED
        issue.status_changed_at = moment(now)
    return IssueChange(is_new, is_regression, issue.event_count)


def _came_back(issue: Issue, events: Iterable[PreparedEvent]) -> bool:
    """Only what was received after people resolved the issue can reopen it."""
    return issue.status == Issue.Status.RESOLVED and any(
        moment(event.received_at) > issue.status_changed_at for event in events
    )


def _follow(issue: Issue, event: PreparedEvent, places: Places) -> None:
    summary = event.summary
    issue.title = summary.title[:255]
    issue.type = summary.type[:255]
    issue.value = summary.value[:1024]
    issue.culprit = summary.culprit[:200]
    issue.route = summary.route[:200]
    issue.platform = summary.platform[:64]
    issue.level = summary.level
    issue.last_environment = event.environment
    issue.last_release_id = _release_of(event, places) or issue.last_release_id
    # Once an hour the row's indexes are written anyway; for each message it would cost too much.
    is_next_hour = event.occurred_at // 3600 > issue.last_seen_at.timestamp() // 3600
    if is_next_hour or not issue.search_text:
        issue.search_text = search_text_of(issue.title, issue.value, issue.culprit)


def _release_of(event: PreparedEvent, places: Places) -> int | None:
    return places.releases.get((event.project_id, event.release))


def _span(
    events: Iterable[PreparedEvent], first: datetime | None, last: datetime | None
) -> tuple[datetime, datetime]:
    times = [moment(event.occurred_at) for event in events]
    return (
        min(*times, *([first] if first else times)),
        max(*times, *([last] if last else times)),
    )


def _regression_of(issue_id: int, events: Sequence[PreparedEvent], now: float) -> Activity:
    event = max(events, key=lambda event: event.row_id)
    data = {"event": event.event_id} | ({"release": event.release} if event.release else {})
    return Activity(
        issue_id=issue_id, kind=Activity.Kind.REGRESSED, data=data, created_at=moment(now)
    )


_ISSUE_COLUMNS = (
    "title",
    "type",
    "value",
    "culprit",
    "route",
    "platform",
    "level",
    "status",
    "substatus",
    "status_changed_at",
    "first_seen_at",
    "last_seen_at",
    "event_count",
    "user_count",
    "first_release_id",
    "last_release_id",
    "last_environment",
    "search_text",
    "id",
)


def _write_issues(issues: Iterable[Issue]) -> None:
    rows = [
        [getattr(issue, column) for column in _ISSUE_COLUMNS]
        for issue in sorted(issues, key=lambda issue: issue.pk)
    ]
    update_rows(Issue, _ISSUE_COLUMNS, rows)
