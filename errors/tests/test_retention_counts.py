"""Old hours become sums, and no total changes."""

from datetime import timedelta

import pytest
from django.db.models import Sum

from errors.models import GroupingKey, HourlyCount, ItemCount
from errors.rows import add_counts
from errors.services.pace import Pace
from errors.services.retention import fold_counts
from errors.tests.prepared import NOON, make_project
from errors.tests.received import NOW, receive

pytestmark = pytest.mark.django_db

HOUR = int(NOON) // 3600
OLD = HOUR - 401 * 24
HOURLY = ("grouping_key_id", "hour", "environment_id")


def fold() -> int:
    return fold_counts(now=NOW, pace=Pace(share=1.0))


def hours() -> list[tuple[int, int, int]]:
    rows = HourlyCount.objects.order_by("hour", "environment_id")
    return list(rows.values_list("hour", "environment_id", "count"))


def test_hours_fold_into_one_row_for_each_environment() -> None:
    receive(make_project(), 1)
    key = GroupingKey.objects.get()
    GroupingKey.objects.update(first_seen_at=NOW - timedelta(days=500))
    (recent,) = hours()
    rows = [(key.pk, OLD - age, place, 3) for age in range(5) for place in (8, 9)]
    add_counts(HourlyCount, HOURLY, rows)
    before = HourlyCount.objects.aggregate(Sum("count"))
    assert fold() == 10
    assert hours() == [(0, 8, 15), (0, 9, 15), recent]
    assert HourlyCount.objects.aggregate(Sum("count")) == before
    # An hour that comes late joins the sum.
    add_counts(HourlyCount, HOURLY, [(key.pk, OLD, 8, 2)])
    assert fold() == 1
    assert hours() == [(0, 8, 17), (0, 9, 15), recent]
    assert fold() == 0


def test_items_fold_by_project_and_type() -> None:
    names = ("project_id", "type", "hour")
    rows = [(7, "event", OLD, 4), (7, "event", OLD - 1, 5), (7, "session", OLD, 1)]
    add_counts(ItemCount, names, [*rows, (8, "event", OLD, 2), (8, "event", HOUR, 6)])
    assert fold() == 4
    kept = ItemCount.objects.order_by("project_id", "type", "hour")
    assert list(kept.values_list("project_id", "type", "hour", "count")) == [
        (7, "event", 0, 9),
        (7, "session", 0, 1),
        (8, "event", 0, 2),
        (8, "event", HOUR, 6),
    ]
