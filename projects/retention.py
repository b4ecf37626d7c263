"""How long and how many: a project's own numbers, else the site's, else the settings'."""

from collections.abc import Mapping
from dataclasses import dataclass

# The settings behind the numbers, by the names that projects and the site's policy use.
SETTINGS = {
    "retention_days": "RETENTION_EVENT_DAYS",
    "max_events": "MAX_EVENTS_PER_PROJECT",
    "max_events_per_issue": "MAX_EVENTS_PER_ISSUE",
    "resolved_days": "RETENTION_DAYS",
}
# What people may enter; 0 where there may be no bound at all.
BOUNDS = {
    "retention_days": (1, 3_650),
    "max_events": (0, 1_000_000_000),
    "max_events_per_issue": (10, 1_000_000),
    "resolved_days": (0, 3_650),
}


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """What is kept of one project: events by days, by number, by number for an issue, and
    resolved issues by days. `max_events` and `resolved_days` know no bound when they are 0.
    """

    retention_days: int
    max_events: int
    max_events_per_issue: int
    resolved_days: int


@dataclass(frozen=True, slots=True)
class Effective:
    """A number that counts, and who said so."""

    value: int
    source: str


def decide(*layers: tuple[str, Mapping[str, int | None]]) -> dict[str, Effective]:
    """Take each number from the first layer that has one; a layer is its name and its numbers.

    Raises: KeyError when a number is in none of them.
    """
    found: dict[str, Effective] = {}
    for source, numbers in layers:
        for name in SETTINGS:
            value = numbers.get(name)
            if name not in found and value is not None:
                found[name] = Effective(value, source)
    return {name: found[name] for name in SETTINGS}


def policy_from(numbers: Mapping[str, Effective]) -> RetentionPolicy:
    """The numbers alone."""
    return RetentionPolicy(**{name: number.value for name, number in numbers.items()})
