"""Old counts by the hour become sums; no total changes."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from errors.models import GroupingKey, HourlyCount, ItemCount
from errors.rows import add_counts
from errors.services.pace import Pace
from projects.statistics.fold import fold_outcomes

# The hour that stands for all before those that are kept apart.
EARLIER = 0
READ_KEYS = 500


def fold_counts(*, now: datetime, pace: Pace) -> int:
    """Add the hours older than RETENTION_COUNT_DAYS up to one row; return how many rows went.

    One for each grouping key and environment, for each project and type of item, and for what
    became of a project's data. Raises: Stopped; run it again.
    """
    oldest = now - timedelta(days=settings.RETENTION_COUNT_DAYS)
    hour = int(oldest.timestamp()) // 3600
    folded = _fold_hours(oldest, hour, pace) + _fold_items(hour, pace)
    for count in fold_outcomes(before_hour=hour):
        folded += count
        pace.rest()
    return folded


def _fold_hours(oldest: datetime, hour: int, pace: Pace) -> int:
    folded = after = 0
    due = HourlyCount.objects.filter(
        grouping_key_id=OuterRef("pk"), hour__gt=EARLIER, hour__lt=hour
    )
    keys = GroupingKey.objects.filter(Exists(due), first_seen_at__lt=oldest).order_by("pk")
    while ids := list(keys.filter(pk__gt=after).values_list("pk", flat=True)[:READ_KEYS]):
        for key_id in ids:
            with transaction.atomic():
                # As the digest does before it counts.
                GroupingKey.objects.select_for_update(no_key=True).filter(pk=key_id).first()
                folded += _fold(HourlyCount, "grouping_key_id", "environment_id", key_id, hour)
            pace.rest()
        after = ids[-1]
    return folded


def _fold_items(hour: int, pace: Pace) -> int:
    folded = 0
    old = ItemCount.objects.filter(hour__gt=EARLIER, hour__lt=hour)
    for project_id in list(old.values_list("project_id", flat=True).distinct()):
        with transaction.atomic():
            folded += _fold(ItemCount, "project_id", "type", project_id, hour)
        pace.rest()
    return folded


def _fold(
    model: type[HourlyCount | ItemCount], owner: str, part: str, owner_id: int, hour: int
) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {model._meta.db_table} "  # noqa: S608
            f"WHERE {owner} = %s AND hour > %s AND hour < %s RETURNING {part}, count",
            [owner_id, EARLIER, hour],
        )
        rows = cursor.fetchall()
    sums: Counter[object] = Counter()
    for name, count in rows:
        sums[name] += count
    totals: Sequence[Sequence[object]] = [
        (owner_id, EARLIER, name, count) for name, count in sums.items()
    ]
    add_counts(model, (owner, "hour", part), totals)
    return len(rows)
