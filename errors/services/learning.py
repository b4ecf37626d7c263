"""When to learn anew how to compress, and when to forget what was learnt.

A platform's dictionary is trained as its project reaches 100, 1,000 and 10,000 events; a group's
pattern is made from its first five and again as it grows, for code moves on. Both are made anew
once the events they were made from are beyond retention.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from errors.models import Event, EventPayload, GroupingKey, Issue, MovedPayload, PayloadDictionary
from errors.services.prepare import PreparedEvent
from errors.storage.recompress import recompress_payloads
from errors.storage.training import train_group, train_platform
from projects.policies import longest_days

PLATFORM_STAGES = (100, 1_000, 10_000)
GROUP_STAGES = (5, 500, 10_000)
# What had events in so many hours is looked at often, all the rest now and then.
RECENT_HOURS = 2
# Longer than any process goes on using a dictionary after a newer one was made.
UNUSED_DAYS = 1


# What this process recorded, by project and platform or hash: an early hint, not the last word.
MAX_HINTS = 20_000
_recorded: Counter[tuple[int, str]] = Counter()


def note_events(events: Iterable[PreparedEvent]) -> bool:
    """Count what was just recorded; tell whether it is time to `learn`."""
    if len(_recorded) > MAX_HINTS:
        _recorded.clear()
    groups: Counter[tuple[int, str]] = Counter()
    platforms: Counter[tuple[int, str]] = Counter()
    for event in events:
        groups[(event.project_id, event.grouping.primary)] += 1
        platforms[(event.project_id, event.summary.platform)] += 1
    is_due = _passes(groups, GROUP_STAGES) or _passes(platforms, PLATFORM_STAGES)
    _recorded.update(groups)
    _recorded.update(platforms)
    return is_due


def _passes(counts: Counter[tuple[int, str]], stages: Sequence[int]) -> bool:
    return any(
        _recorded[name] < stage <= _recorded[name] + count
        for name, count in counts.items()
        for stage in stages
    )


def learn(*, now: datetime, recent_hours: int | None = None) -> int:
    """Make every dictionary that is due, and pack earlier payloads anew; return how many.

    recent_hours: look only at issues with events in the last so many hours, which an index
                  finds; None looks at all of them, and at patterns that have aged.
    """
    issues = _issues(now, recent_hours)
    platforms = _train_platforms(issues, now)
    made = len(platforms) + _train_groups(issues, now)
    if recent_hours is None:
        made += _renew_groups(now)
    # Last: what groups have packed by now need not be packed twice.
    for row in platforms:
        recompress_payloads(row)
    return made


def _issues(now: datetime, recent_hours: int | None) -> QuerySet[Issue]:
    issues = Issue.objects.present()
    if recent_hours is None:
        return issues
    return issues.filter(last_seen_hour__gte=int(now.timestamp()) // 3600 - recent_hours)


def _train_platforms(issues: QuerySet[Issue], now: datetime) -> list[PayloadDictionary]:
    rows = [
        train_platform(project_id, platform, sample_count=count, now=now)
        for project_id, platform, count in _due_platforms(issues, now)
    ]
    return [row for row in rows if row]


def _train_groups(issues: QuerySet[Issue], now: datetime) -> int:
    made = 0
    for key in list(_grown_groups(issues)):
        row = train_group(key, sample_count=key.event_count, now=now)
        # Later versions leave earlier payloads alone: they would hardly shrink.
        if row and row.version == 1:
            recompress_payloads(row)
        made += row is not None
    return made


def _renew_groups(now: datetime) -> int:
    made = 0
    for key in list(_aged_groups(now)):
        row = train_group(key, sample_count=key.event_count, now=now)
        if row:
            recompress_payloads(row)
            made += 1
    return made


def forget_unused(*, now: datetime) -> int:
    """Remove dictionaries that a newer one replaced and no payload needs; return how many."""
    removed = 0
    for row in list(_replaced(now)):
        if not _is_needed(row):
            row.delete()
            removed += 1
    return removed


def _is_needed(row: PayloadDictionary) -> bool:
    # In this order: a payload that moves in between is seen in the second table, and one that
    # comes back in the third look.
    return any(
        model.objects.filter(pk__in=_events_of(row), dictionary_id=row.pk).exists()
        for model in (EventPayload, MovedPayload, EventPayload)
    )


def _due_platforms(issues: QuerySet[Issue], now: datetime) -> list[tuple[int, str, int]]:
    """Project, platform and events in these issues of those that have reached a stage since."""
    rows = PayloadDictionary.objects.filter(grouping_key=None).values_list("project", "platform")
    trained = {
        (project_id, platform): (count, made_at)
        for project_id, platform, count, made_at in rows.annotate(
            Max("sample_count"), Max("created_at")
        ).order_by()
    }
    totals = issues.values_list("project", "platform").annotate(Sum("event_count"))
    due = []
    oldest = _oldest(now)
    for project_id, platform, count in totals.order_by():
        before, made_at = trained.get((project_id, platform), (0, now))
        if any(before < stage <= count for stage in PLATFORM_STAGES) or made_at < oldest:
            due.append((project_id, platform, count))
    return due


def _grown_groups(issues: QuerySet[Issue]) -> QuerySet[GroupingKey]:
    """Groups of these issues that have reached a stage since their newest pattern was made."""
    due = Q()
    for stage in GROUP_STAGES:
        due |= Q(trained__lt=stage, event_count__gte=stage)
    keys = (
        _groups()
        .filter(issue__in=issues)
        .annotate(trained=Max("dictionaries__sample_count", default=0))
    )
    return keys.filter(due).order_by("pk")


def _aged_groups(now: datetime) -> QuerySet[GroupingKey]:
    """Groups whose newest pattern was made from events that are beyond retention by now."""
    oldest = _oldest(now)
    keys = _groups().filter(last_seen_at__gte=oldest)
    return keys.annotate(made_at=Max("dictionaries__created_at")).filter(made_at__lt=oldest)


def _groups() -> QuerySet[GroupingKey]:
    keys = GroupingKey.objects.exclude(hash=None)
    return keys.filter(issue__deleted_at=None, event_count__gte=GROUP_STAGES[0])


def _oldest(now: datetime) -> datetime:
    return now - timedelta(days=longest_days())


def _replaced(now: datetime) -> QuerySet[PayloadDictionary]:
    """Dictionaries that are not the newest of their kind, and have not been for a while."""
    newer = PayloadDictionary.objects.filter(version__gt=OuterRef("version"))
    of_group = newer.filter(grouping_key=OuterRef("grouping_key"))
    of_platform = newer.filter(
        grouping_key=None, project=OuterRef("project"), platform=OuterRef("platform")
    )
    return PayloadDictionary.objects.filter(
        Exists(of_group) | Q(Exists(of_platform), grouping_key=None),
        created_at__lt=now - timedelta(days=UNUSED_DAYS),
    )


def _events_of(row: PayloadDictionary) -> QuerySet[Event]:
    if row.grouping_key_id:
        events = Event.objects.filter(grouping_key=row.grouping_key_id)
    else:
        events = Event.objects.filter(grouping_key__project=row.project_id)
    return events.order_by()
