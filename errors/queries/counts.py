"""The exact counters of issues: by hour, by tag, by environment."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from errors.models import Environment, GroupingKey, HourlyCount, TagCount


def key_ids_of(issue_id: int) -> list[int]:
    """The grouping keys that lead to this issue."""
    return list(GroupingKey.objects.filter(issue_id=issue_id).values_list("pk", flat=True))


def hourly_of_issues(
    issue_ids: Collection[int], *, since_hour: int, environment: str = ""
) -> dict[int, dict[int, int]]:
    """Events of each issue by hour since 1970, from `since_hour` on; two queries.

    With an environment's name only its events are counted.
    """
    issue_of = dict(GroupingKey.objects.filter(issue_id__in=issue_ids).values_list("pk", "issue"))
    rows = _counts_since(issue_of, since_hour)
    if environment:
        named = Environment.objects.filter(name=environment).values("pk")
        rows = rows.filter(environment_id__in=named)
    totals: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for key_id, hour, count in rows.values_list("grouping_key_id", "hour", "count"):
        totals[issue_of[key_id]][hour] += count
    return totals


def hourly_of_keys(key_ids: Collection[int], *, since_hour: int) -> dict[int, int]:
    """Events by hour since 1970, over all these grouping keys; one query."""
    totals: dict[int, int] = defaultdict(int)
    for hour, count in _counts_since(key_ids, since_hour).values_list("hour", "count"):
        totals[hour] += count
    return totals


def _counts_since(key_ids: Iterable[int], since_hour: int) -> QuerySet[HourlyCount]:
    return HourlyCount.objects.filter(grouping_key_id__in=list(key_ids), hour__gte=since_hour)


@dataclass(frozen=True, slots=True)
class TagValue:
    """One value of a tag and how many of the issue's events had it; "" counts the rest."""

    value: str
    count: int


def tags_of_keys(key_ids: Iterable[int]) -> dict[str, list[TagValue]]:
    """Each tag's values, most frequent first, the rest last; one query."""
    rows = (
        TagCount.objects.filter(grouping_key_id__in=list(key_ids))
        .values_list("key", "value")
        .annotate(total=Sum("count"))
        .order_by("key", "-total", "value")
    )
    tags: dict[str, list[TagValue]] = defaultdict(list)
    for key, value, total in rows:
        tags[key].append(TagValue(value, total))
    for values in tags.values():
        values.sort(key=lambda tag: tag.value == TagCount.OTHER)
    return dict(tags)
