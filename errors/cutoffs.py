"""What a retention policy lets go: by age, an issue's surplus, issues long resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from common.row_ids import row_id_at
from projects.retention import RetentionPolicy

# The events that stay beside the newest of an issue: its first, and two for each change of state.
MAX_CHANGES = 10


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """What of one project goes: events with row ids below, beyond these numbers, resolved before.

    max_events: 0 where there is no bound. resolved_before: None where resolved issues stay.
    """

    events_before: int
    max_events: int
    max_events_per_issue: int
    resolved_before: datetime | None


def cut(
    policies: Mapping[int, RetentionPolicy], now: datetime, *, partitioned_days: int | None = None
) -> dict[int, Cutoffs]:
    """The cut-offs of each project.

    Where event tables have daily partitions, events of the longest retention (in days) go with
    their partition: by whole days (UTC), which costs nothing, and so up to a day later.
    """
    return {
        project_id: _cut_one(policy, now, by_day=policy.retention_days == partitioned_days)
        for project_id, policy in policies.items()
    }


def _cut_one(policy: RetentionPolicy, now: datetime, *, by_day: bool) -> Cutoffs:
    oldest = now - timedelta(days=policy.retention_days)
    resolved = now - timedelta(days=policy.resolved_days) if policy.resolved_days else None
    return Cutoffs(
        first_row_id(start_of_day(oldest) if by_day else oldest),
        policy.max_events,
        policy.max_events_per_issue,
        resolved,
    )


def start_of_day(moment: datetime) -> datetime:
    """Midnight before it, UTC: where daily partitions begin."""
    return datetime.combine(moment.astimezone(UTC).date(), time(), UTC)


def first_row_id(moment: datetime) -> int:
    """The smallest row id of that millisecond."""
    return row_id_at(int(moment.timestamp() * 1000))


@dataclass(frozen=True, slots=True)
class Trim:
    """An issue's surplus: all between its first event and its newest ones, but those `kept`."""

    first: int
    oldest_of_newest: int
    kept: frozenset[int]

    def takes(self, row_id: int) -> bool:
        """Whether this event of the issue goes."""
        return self.first < row_id < self.oldest_of_newest and row_id not in self.kept


def growth_due(budget: int) -> int:
    """How many events an issue may gain before its surplus is looked for again."""
    return max(10, budget // 10)
