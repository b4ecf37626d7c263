"""How many events each group gets, and in which hours. Pure, and the same for the same seed."""

import random
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

# A few issues have most of the events, and half of them fewer than five.
SKEW = 1.2
# Every so many issues are led to by two grouping keys.
TWO_KEYS_EVERY = 10
SECOND_KEY_SHARE = 0.3
# Of the issues that have more than a few events, those that went on all the time.
ALL_ALONG_SHARE = 0.4
MANY_EVENTS = 500


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """One grouping key: the number of its issue, its events, and the hours they fall into."""

    issue: int
    events: int
    first_hour: int
    last_hour: int


def plan_keys(events: int, issues: int, hours: int, rng: random.Random) -> list[KeyPlan]:
    """Share `events` out among the keys of `issues` issues, over `hours` hours.

    Raises: ValueError when there are fewer events than issues.
    """
    if events < issues:
        raise ValueError("Each issue needs an event.")
    counts = share_out(events, issues)
    rng.shuffle(counts)
    return [
        KeyPlan(issue, part, *_lifetime(part, hours, rng))
        for issue, count in enumerate(counts)
        for part in _split(issue, count)
    ]


def share_out(events: int, issues: int) -> list[int]:
    """Skewed shares that add up, the largest first, none empty."""
    weights = [1 / (rank + 1) ** SKEW for rank in range(issues)]
    scale = (events - issues) / sum(weights)
    counts = [1 + int(weight * scale) for weight in weights]
    counts[0] += events - sum(counts)
    return counts


def spread(keys: Sequence[KeyPlan], hours: int, rng: random.Random) -> "list[array[int]]":
    """The numbers of the keys that have an event in each hour, once for each event."""
    buckets = [array("I") for _ in range(hours)]
    for number, key in enumerate(keys):
        width = key.last_hour - key.first_hour + 1
        for _ in range(key.events):
            buckets[key.first_hour + int(rng.random() * width)].append(number)
    return buckets


def _split(issue: int, count: int) -> list[int]:
    second = int(count * SECOND_KEY_SHARE)
    return [count - second, second] if second and issue % TWO_KEYS_EVERY == 0 else [count]


def _lifetime(events: int, hours: int, rng: random.Random) -> tuple[int, int]:
    if events > MANY_EVENTS and rng.random() < ALL_ALONG_SHARE:
        return 0, hours - 1
    first = rng.randrange(hours)
    return first, rng.randrange(first, hours)
