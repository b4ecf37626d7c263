"""A project keeps so many events: the oldest go first, and what issues keep longest goes last."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from django.db.models import Sum

from errors.models import GroupingKey
from errors.services.retention.by_issue import events_kept_longest
from errors.services.retention.run import Reason, Run
from errors.services.retention.walk import Row, last_event_id, rows_between, windows

# What is known of so many issues at once; most events of a stretch of time share few issues.
MAX_KNOWN_ISSUES = 10_000


def trim_projects(run: Run) -> None:
    """Remove the oldest events of projects that have more than they keep."""
    limited = _grown_beyond(run)
    stored, oldest = _count(run, limited)
    for project_id, limit in limited.items():
        gone = run.gone_events[project_id] if run.is_dry else 0
        surplus = stored[project_id] - gone - limit
        if surplus > 0:
            _take_oldest(run, project_id, oldest[project_id], surplus)


def _grown_beyond(run: Run) -> dict[int, int]:
    """Projects that ever received more than their bound: others need no counting."""
    limits = {pk: each.max_events for pk, each in run.cutoffs.items() if each.max_events}
    totals = GroupingKey.objects.filter(project__in=limits).order_by()
    received = totals.values_list("project").annotate(Sum("event_count"))
    return {pk: limits[pk] for pk, count in received if count > limits[pk]}


def _count(run: Run, limited: dict[int, int]) -> tuple[Counter[int], dict[int, int]]:
    """How many events these projects have stored, and where each one's oldest stands."""
    stored: Counter[int] = Counter()
    oldest: dict[int, int] = {}
    start = min((run.cutoffs[project_id].events_before for project_id in limited), default=0)
    for begin, stop in windows(start, last_event_id() + 1 if limited else 0):
        for row in _kept_by_age(run, rows_between(begin, stop, limited)):
            stored[row.project_id] += 1
            oldest.setdefault(row.project_id, row.id)
        run.pace.rest()
    return stored, oldest


def _kept_by_age(run: Run, rows: list[Row]) -> Iterator[Row]:
    return (row for row in rows if row.id >= run.cutoffs[row.project_id].events_before)


def _take_oldest(run: Run, project_id: int, oldest: int, surplus: int) -> None:
    since = run.cutoffs[project_id].events_before

    @lru_cache(MAX_KNOWN_ISSUES)
    def kept_longest(issue_id: int) -> frozenset[int]:
        return events_kept_longest(issue_id, since=since)

    end = last_event_id() + 1
    for are_last in (False, True):
        for begin, stop in windows(oldest, end if surplus else 0):
            rows = _remaining(run, rows_between(begin, stop, [project_id]))
            ids = [row.id for row in rows if (row.id in kept_longest(row.issue_id)) == are_last]
            taken = ids[:surplus]
            if taken:
                run.gone_up_to[(project_id, are_last)] = taken[-1]
                run.take(taken, Reason.PROJECT)
            surplus -= len(taken)
            if not surplus:
                return
            run.pace.rest()


def find_oldest_kept(run: Run) -> int | None:
    """The row id of the oldest event that stays after a dry run. Raises Stopped: late to find."""
    start = min((each.events_before for each in run.cutoffs.values()), default=0)
    for begin, stop in windows(start, last_event_id() + 1):
        rows = list(_kept_by_age(run, rows_between(begin, stop, run.cutoffs)))
        for row in _remaining(run, rows):
            if not _is_surplus(run, row):
                return row.id
        run.pace.rest()
    return None


def _is_surplus(run: Run, row: Row) -> bool:
    ends = [run.gone_up_to.get((row.project_id, are_last), -1) for are_last in (False, True)]
    if row.id > max(ends):
        return False
    since = run.cutoffs[row.project_id].events_before
    return row.id <= ends[row.id in events_kept_longest(row.issue_id, since=since)]


def _remaining(run: Run, rows: list[Row]) -> Iterator[Row]:
    """Without what a dry run would have removed before."""
    for row in rows:
        trim = run.trims.get(row.issue_id)
        if row.issue_id not in run.gone_issues and not (trim and trim.takes(row.id)):
            yield row
