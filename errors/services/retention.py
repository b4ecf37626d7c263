"""What is old or too much goes: events by age and by number for an issue, items by age."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, IntegerField, Value
from django.db.models.functions import Coalesce

from common.row_ids import row_id_at
from errors.models import Event, GroupingKey, Issue, SeenEvent, StoredEnvelope, StoredItem
from errors.rows import delete_where
from errors.services.removal import remove_events
from projects.models import Project

# An issue is no longer new after this long.
NEW_DAYS = 7
# Longer than any SDK keeps an event to send it again.
SEEN_DAYS = 30


def remove_old(*, now: datetime) -> int:
    """Remove events and items beyond their project's retention; return the number of events.

    Ids of events are remembered as long as any project keeps its events.
    """
    removed, longest = 0, SEEN_DAYS
    for project_id, days in _retentions():
        limit = _row_id(now - timedelta(days=days))
        removed += remove_events("key.project_id = %s AND event.id < %s", [project_id, limit])
        delete_where(StoredItem, "project_id = %s AND envelope_id < %s", [project_id, limit])
        delete_where(StoredEnvelope, "project_id = %s AND id < %s", [project_id, limit])
        longest = max(longest, days)
    delete_where(SeenEvent, "row_id < %s", [_row_id(now - timedelta(days=longest))])
    return removed


def enforce_budgets(*, now: datetime) -> int:
    """Keep each issue's first event and its newest ones, as many as its project allows.

    Looks at the issues of the last day, as others do not grow. Counts are not touched. Returns
    the number of events removed.
    """
    budget = _number_of("project__max_events_per_issue", settings.MAX_EVENTS_PER_ISSUE)
    recent = Issue.objects.filter(last_seen_at__gte=now - timedelta(days=1))
    crowded = recent.annotate(budget=budget).filter(event_count__gt=F("budget") + 1)
    pairs = crowded.order_by("pk").values_list("pk", "budget")
    return sum(_enforce_budget(issue_id, budget) for issue_id, budget in list(pairs))


def age_issues(*, now: datetime) -> int:
    """Call issues ongoing that have been new for a week; return how many."""
    return Issue.objects.filter(
        status=Issue.Status.UNRESOLVED,
        substatus=Issue.Substatus.NEW,
        first_seen_at__lt=now - timedelta(days=NEW_DAYS),
    ).update(substatus=Issue.Substatus.ONGOING)


def _retentions() -> Iterable[tuple[int, int]]:
    days = _number_of("retention_days", settings.RETENTION_EVENT_DAYS)
    return list(Project.objects.annotate(days=days).values_list("pk", "days"))


def _number_of(field: str, default: int) -> Coalesce:
    """The project's own number, the site's where it has none."""
    return Coalesce(field, Value(default), output_field=IntegerField())


def _enforce_budget(issue_id: int, budget: int) -> int:
    keys = list(GroupingKey.objects.filter(issue=issue_id).values_list("pk", flat=True))
    ids = Event.objects.filter(grouping_key__in=keys).values_list("pk", flat=True)
    # One index range, read backwards; the row at the offset is the oldest that stays.
    oldest_kept = ids.order_by("-pk")[budget - 1 : budget].first()
    first = ids.order_by("pk").first()
    if oldest_kept is None or first is None:
        return 0
    condition = "key.issue_id = %s AND event.id > %s AND event.id < %s"
    return remove_events(condition, [issue_id, first, oldest_kept])


def _row_id(moment: datetime) -> int:
    return row_id_at(int(moment.timestamp() * 1000))
