"""An issue keeps its first event, its newest, and those around changes of its state."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError
from django.db.models import F, Q, QuerySet

from errors.cutoffs import MAX_CHANGES, Trim, first_row_id, growth_due
from errors.models import Activity, Event, GroupingKey, Issue, IssueTrim
from errors.models.issue import IssueQuerySet
from errors.services.retention.run import Reason, Run

READ_ROWS = 1_000
# Issues that nothing has happened to for longer do not grow.
ACTIVE = timedelta(days=1)
STATE_CHANGES = (
    Activity.Kind.RESOLVED,
    Activity.Kind.REOPENED,
    Activity.Kind.ARCHIVED,
    Activity.Kind.REGRESSED,
)


def trim_issues(run: Run, *, only_grown: bool = False) -> None:
    """Remove the surplus of issues; `only_grown` looks where it has become due since the last."""
    for budget, project_ids in _projects_by_budget(run).items():
        crowded = _crowded(budget, project_ids)
        if only_grown:
            crowded = _grown(crowded, budget).filter(last_seen_at__gte=run.now - ACTIVE)
        for issue_id, project_id, count in _in_batches(crowded):
            if issue_id not in run.gone_issues:
                _trim(run, issue_id, project_id, count)
            run.pace.rest()


def events_kept_longest(issue_id: int, *, since: int) -> frozenset[int]:
    """The row ids of an issue's first and newest event and of those around its changes of state."""
    events = _events_of(issue_id, since)
    ends = [events.order_by("pk").first(), events.order_by("-pk").first()]
    return frozenset(filter(None, ends)) | _around_changes(issue_id, events)


def _projects_by_budget(run: Run) -> dict[int, list[int]]:
    budgets: dict[int, list[int]] = defaultdict(list)
    for project_id, cutoffs in run.cutoffs.items():
        budgets[cutoffs.max_events_per_issue].append(project_id)
    return budgets


def _crowded(budget: int, project_ids: Sequence[int]) -> IssueQuerySet:
    """Issues that may have a surplus: their count never falls, so some will have none left."""
    return Issue.objects.filter(project__in=project_ids, event_count__gt=budget + 1).filter(
        # Named, so that the index by status and time serves `last_seen_at`.
        status__in=Issue.Status.values,
        deleted_at=None,
    )


def _grown(crowded: IssueQuerySet, budget: int) -> IssueQuerySet:
    """A count below the noted one has lost merged keys since."""
    return crowded.filter(
        Q(trim=None)
        | Q(event_count__gte=F("trim__event_count") + growth_due(budget))
        | Q(event_count__lt=F("trim__event_count"))
    )


def _in_batches(issues: IssueQuerySet) -> Iterator[tuple[int, int, int]]:
    after = 0
    rows = issues.order_by("pk").values_list("pk", "project_id", "event_count")
    while batch := list(rows.filter(pk__gt=after)[:READ_ROWS]):
        yield from batch
        after = batch[-1][0]


def _trim(run: Run, issue_id: int, project_id: int, count: int) -> None:
    cutoffs = run.cutoffs[project_id]
    events = _events_of(issue_id, cutoffs.events_before)
    trim = _find_trim(issue_id, events, cutoffs.max_events_per_issue)
    if trim:
        _take(run, project_id, events, trim)
        run.trims[issue_id] = trim
    if not run.is_dry:
        # Another task may have removed the issue meanwhile.
        with suppress(IntegrityError):
            IssueTrim.objects.update_or_create(issue_id=issue_id, defaults={"event_count": count})


def _find_trim(issue_id: int, events: QuerySet[Event, int], budget: int) -> Trim | None:
    # One index range, read backwards; the row at the offset is the oldest of the newest.
    oldest = events.order_by("-pk")[budget - 1 : budget].first()
    first = events.order_by("pk").first()
    if oldest is None or first is None or first >= oldest:
        return None
    return Trim(first, oldest, _around_changes(issue_id, events))


def _take(run: Run, project_id: int, events: QuerySet[Event, int], trim: Trim) -> None:
    since = trim.first + 1
    surplus = events.order_by("pk").filter(pk__lt=trim.oldest_of_newest)
    while ids := list(surplus.filter(pk__gte=since)[:READ_ROWS]):
        going = [row_id for row_id in ids if trim.takes(row_id)]
        run.gone_events[project_id] += len(going)
        run.take(going, Reason.ISSUE)
        since = ids[-1] + 1


def _events_of(issue_id: int, since: int) -> QuerySet[Event, int]:
    keys = list(GroupingKey.objects.filter(issue=issue_id).values_list("pk", flat=True))
    events = Event.objects.filter(grouping_key__in=keys, pk__gte=since)
    return events.order_by("pk").values_list("pk", flat=True)


def _around_changes(issue_id: int, events: QuerySet[Event, int]) -> frozenset[int]:
    """The last event before and the first after each of the newest changes of state."""
    changes = Activity.objects.filter(issue=issue_id, kind__in=STATE_CHANGES)
    found: list[int | None] = []
    for changed_at in changes.order_by("-created_at").values_list("created_at", flat=True)[
        :MAX_CHANGES
    ]:
        change = first_row_id(changed_at)
        found.append(events.filter(pk__lt=change).order_by("-pk").first())
        found.append(events.filter(pk__gte=change).order_by("pk").first())
    return frozenset(row_id for row_id in found if row_id is not None)
