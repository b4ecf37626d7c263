"""Which tag values get a row of their own: at most 100 of each key, the rest count as other."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from errors.models import TagCount
from errors.services.prepare import PreparedEvent
from errors.services.record_rows import add_counts

# About 100 bytes each.
MAX_CACHED_VALUES = 50_000

_values: dict[tuple[int, str], set[str]] = {}


def forget_tags() -> None:
    """Read the known values anew, after a rollback."""
    _values.clear()


def count_tags(groups: dict[int, list[PreparedEvent]]) -> None:
    """Count the tags of each grouping key's new events.

    The caller holds the keys' rows locked, so that the bound holds with several workers too.
    """
    if sum(map(len, _values.values())) > MAX_CACHED_VALUES:
        forget_tags()
    counts: Counter[tuple[int, str, str]] = Counter()
    for key_id, events in groups.items():
        counts.update(_bounded(key_id, events))
    add_counts(
        TagCount,
        ("grouping_key_id", "key", "value"),
        [(*name, count) for name, count in sorted(counts.items())],
    )


def _bounded(key_id: int, events: Iterable[PreparedEvent]) -> Counter[tuple[int, str, str]]:
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for event in events:
        for key, value in event.tags:
            seen[key][value] += 1
    counts: Counter[tuple[int, str, str]] = Counter()
    for key, values in seen.items():
        for value, count in values.items():
            counts[(key_id, key, _place_of(key_id, key, value))] += count
    return counts


def _place_of(key_id: int, key: str, value: str) -> str:
    """The value under which this one counts: itself, or other."""
    known = _values.get((key_id, key))
    if known is None or (value not in known and len(known) < TagCount.MAX_VALUES):
        known = _values[(key_id, key)] = _read_values(key_id, key) | (known or set())
    if value in known:
        return value
    if len(known) >= TagCount.MAX_VALUES:
        return TagCount.OTHER
    known.add(value)
    return value


def _read_values(key_id: int, key: str) -> set[str]:
    rows = TagCount.objects.filter(grouping_key_id=key_id, key=key).exclude(value=TagCount.OTHER)
    return set(rows.values_list("value", flat=True))
