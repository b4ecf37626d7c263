"""Which tag values get a row of their own: at most 100 of each key, the rest count as other."""

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from errors.models import TagCount
from errors.rows import add_counts
from errors.services.prepare import PreparedEvent

# About 100 bytes each.
MAX_CACHED_VALUES = 50_000


@dataclass(slots=True)
class _Known:
    """The values that have rows, by tag, of a grouping key that had so many events then."""

    event_count: int
    values: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def knows_all(self, events: Iterable[PreparedEvent]) -> bool:
        """Whether it is known of each tag of these events where it counts."""
        return all(
            value in self.values[key] or not _has_room(key, self.values[key])
            for event in events
            for key, value in event.tags
        )

    @property
    def size(self) -> int:
        return sum(map(len, self.values.values()))


_known: OrderedDict[int, _Known] = OrderedDict()


def forget_tags() -> None:
    """Give the memory back. Never needed for being right: see _refresh."""
    _known.clear()


def count_tags(
    groups: Mapping[int, Sequence[PreparedEvent]], event_counts: Mapping[int, int]
) -> None:
    """Count the tags of each grouping key's new events.

    event_counts: the keys' totals without these events. The caller holds the keys' rows locked.
    """
    _refresh(groups, event_counts)
    rows: list[tuple[int, str, str, int]] = []
    for key_id, events in sorted(groups.items()):
        known = _known[key_id]
        known.event_count += len(events)
        rows += [(key_id, *name, count) for name, count in _count(events, known.values)]
    add_counts(TagCount, ("grouping_key_id", "key", "value"), rows)
    _shrink()


def _count(
    events: Iterable[PreparedEvent], known: dict[str, set[str]]
) -> list[tuple[tuple[str, str], int]]:
    """Count by tag and value, in that order; `known` learns of values that get a row."""
    counts: Counter[tuple[str, str]] = Counter()
    for name, count in Counter(tag for event in events for tag in event.tags).items():
        key, value = name
        values = known[key]
        if value not in values:
            if _has_room(key, values):
                values.add(value)
            else:
                name = (key, TagCount.OTHER)
        counts[name] += count
    return sorted(counts.items())


def _has_room(key: str, values: Collection[str]) -> bool:
    """Whether one more value of this tag gets a row."""
    return len(values) < TagCount.MAX_VALUES or key == TagCount.ENVIRONMENT


def _refresh(
    groups: Mapping[int, Sequence[PreparedEvent]], event_counts: Mapping[int, int]
) -> None:
    """Read the values of keys to which others may have added some that matter now.

    That others wrote, or a batch was undone, shows in the key's total, which is locked. As rows of
    values only come, it matters where an event has a value that is not known to have one.
    """
    stale = [
        key_id
        for key_id, count in event_counts.items()
        if key_id not in _known
        or (_known[key_id].event_count != count and not _known[key_id].knows_all(groups[key_id]))
    ]
    for key_id in stale:
        _known[key_id] = _Known(event_counts[key_id])
    rows = TagCount.objects.filter(grouping_key_id__in=stale).exclude(value=TagCount.OTHER)
    for key_id, key, value in rows.values_list("grouping_key_id", "key", "value"):
        _known[key_id].values[key].add(value)
    for key_id in event_counts:
        _known.move_to_end(key_id)


def _shrink() -> None:
    """Forget the keys that were not written to for longest."""
    size = sum(known.size for known in _known.values())
    while size > MAX_CACHED_VALUES:
        _, known = _known.popitem(last=False)
        size -= known.size
