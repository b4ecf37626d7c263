"""The distribution of an issue's tags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from errors.queries.counts import TagValue

SHOWN_VALUES = 10


@dataclass(frozen=True, slots=True)
class TagBar:
    """One value with its count and its share in percent; `is_rest` sums what is not shown."""

    value: str
    count: int
    percent: int
    is_rest: bool


@dataclass(frozen=True, slots=True)
class TagDistribution:
    """One tag and its most frequent values."""

    key: str
    total: int
    bars: list[TagBar]


def present_tags(tags: Mapping[str, Sequence[TagValue]]) -> list[TagDistribution]:
    """Every tag by name, with its ten most frequent values and the rest as one."""
    return [_distribution(key, tags[key]) for key in sorted(tags)]


def _distribution(key: str, values: Sequence[TagValue]) -> TagDistribution:
    total = sum(tag.count for tag in values)
    named = [tag for tag in values if tag.value][:SHOWN_VALUES]
    bars = [TagBar(tag.value, tag.count, _percent(tag.count, total), False) for tag in named]
    rest = total - sum(tag.count for tag in named)
    if rest:
        bars.append(TagBar("others", rest, _percent(rest, total), True))
    return TagDistribution(key, total, bars)


def _percent(count: int, total: int) -> int:
    return round(100 * count / total)
