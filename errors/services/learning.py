"""When to learn anew how to compress, and when to forget what was learnt.

A platform's dictionary is trained as its project reaches 100, 1,000 and 10,000 events; a group's
pattern is made from its first five and again as it grows, for code moves on. Both are made anew
once the events they were made from are beyond retention.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from errors.models import Event, EventPayload, GroupingKey, Issue, PayloadDictionary
from errors.services.prepare import PreparedEvent
from errors.storage.recompress import recompress_payloads
from errors.storage.training import train_group, train_platform

PLATFORM_STAGES = (100, 1_000, 10_000)
GROUP_STAGES = (5, 500, 10_000)
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


def learn(*, now: datetime) -> int:
    """Make every dictionary that is due, and pack earlier payloads anew; return how many."""
    made = 0
    for project_id, platform, count in _due_platforms(now):
        row = train_platform(project_id, platform, sample_count=count, now=now)
        if row:
            recompress_payloads(row)
            made += 1
    for key in list(_grown_groups()):
        row = train_group(key, sample_count=key.event_count, now=now)
        # Later versions leave earlier payloads alone: they would hardly shrink.
        if row and row.version == 1:
            recompress_payloads(row)
        made += row is not None
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
        if not EventPayload.objects.filter(pk__in=_events_of(row), dictionary_id=row.pk).exists():
            row.delete()
            removed += 1
    return removed


def _due_platforms(now: datetime) -> list[tuple[int, str, int]]:
    """Project, platform and event count of those that have reached a stage since."""
    rows = PayloadDictionary.objects.filter(grouping_key=None).values_list("project", "platform")
    trained = {
        (project_id, platform): (count, made_at)
        for project_id, platform, count, made_at in rows.annotate(
            Max("sample_count"), Max("created_at")
        ).order_by()
    }
    totals = Issue.objects.present().values_list("project", "platform").annotate(Sum("event_count"))
    due = []
    for project_id, platform, count in totals.order_by():
        before, made_at = trained.get((project_id, platform), (0, now))
        if any(before < stage <= count for stage in PLATFORM_STAGES) or made_at < _oldest(now):
            due.append((project_id, platform, count))
    return due


def _grown_groups() -> QuerySet[GroupingKey]:
    """Groups that have reached a stage since their newest pattern was made."""
    due = Q()
    for stage in GROUP_STAGES:
        due |= Q(trained__lt=stage, event_count__gte=stage)
    keys = _groups().annotate(trained=Max("dictionaries__sample_count", default=0))
    return keys.filter(due).order_by("pk")


def _aged_groups(now: datetime) -> QuerySet[GroupingKey]:
    """Groups whose newest pattern was made from events that are beyond retention by now."""
    keys = _groups().filter(last_seen_at__gte=_oldest(now))
    return keys.annotate(made_at=Max("dictionaries__created_at")).filter(made_at__lt=_oldest(now))


def _groups() -> QuerySet[GroupingKey]:
    keys = GroupingKey.objects.exclude(hash=None)
    return keys.filter(issue__deleted_at=None, event_count__gte=GROUP_STAGES[0])


def _oldest(now: datetime) -> datetime:
    return now - timedelta(days=settings.RETENTION_EVENT_DAYS)


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
