"""Write a batch of prepared events: each once, all their counts with them.

Two steps. `assign` makes what events hang on (issues, keys, releases, environments) in short
transactions of its own; `record_events` writes inside the caller's, and locks last, in the order
of ids. Whoever repoints or removes keys locks the keys and then their issues in the same order.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from errors.models import Event, EventPayload, SeenEvent
from errors.models.fields import database_event_id
from errors.partitions import (
    ensure_partitions,
    forget_partitions,
    missing_partition_is_outage,
)
from errors.rows import database_moment, insert_new, insert_rows
from errors.services.budgets import forget_rooms
from errors.services.policies import forget_policies
from errors.services.prepare import PreparedEvent
from errors.services.record_issues import (
    IssueChange,
    StaleAssignmentError,
    count_hours,
    count_keys,
    lock_issues,
    lock_keys,
    update_issues,
)
from errors.services.record_keys import assign_keys, forget_keys, without_counted
from errors.services.record_places import Places, assign_places, forget_places
from errors.services.record_sessions import note_sessions
from errors.services.record_tags import count_tags, forget_tags
from errors.services.record_users import count_users
from errors.storage.dictionaries import forget_dictionaries

_SEEN = ("row_id", "project_id", "event_id")
_PAYLOAD = ("event_id", "dictionary_id", "content")
_EVENT = (
    "id",
    "project_id",
    "grouping_key_id",
    "event_id",
    "occurred_at",
    "level",
    "release_id",
    "environment_id",
    "user_hash",
)


class RowIdTakenError(Exception):
    """An inbox gave one row id twice: what came second is set aside, never taken for the first."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What the events of a batch hang on: grouping keys by row id, releases, environments."""

    keys: dict[int, int]
    places: Places


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event that was written, and whether it was its issue's first or brought it back.

    event_count: the issue's events, with those of the batch.
    """

    project_id: int
    issue_id: int
    row_id: int
    is_new: bool
    is_regression: bool
    event_count: int


def assign(events: Sequence[PreparedEvent], *, now: float) -> Assigned:
    """Find or make what these events hang on. Call outside of the main transaction."""
    ensure_partitions(event.row_id for event in events)
    return Assigned(assign_keys(events, now=now), assign_places(events))


def record_events(
    events: Sequence[PreparedEvent], assigned: Assigned, *, now: float
) -> list[Recorded]:
    """Write the events that were never counted before, inside the caller's transaction.

    Units:  `now` is the server's clock in unix seconds.
    Raises: StaleAssignmentError, PartitionGoneError; roll back, `forget_caches`, and start again
            with `assign`. RowIdTakenError, for good.
    """
    fresh = _mark_seen(events)
    if not fresh:
        return []
    groups = _group(fresh, assigned)
    _insert_events(groups, assigned.places)
    locked = lock_keys(groups)
    issues = lock_issues({key.issue_id for key in locked.values()})
    issue_of_key = {key_id: key.issue_id for key_id, key in locked.items()}
    count_tags(groups, {key_id: key.event_count for key_id, key in locked.items()})
    count_hours(groups, assigned.places)
    note_sessions(groups)
    new_people = count_users(groups, issue_of_key)
    count_keys(groups, locked)
    by_issue: dict[int, list[PreparedEvent]] = defaultdict(list)
    for key_id, members in groups.items():
        by_issue[issue_of_key[key_id]] += members
    changes = update_issues(by_issue, issues, new_people, assigned.places, now)
    return _report(by_issue, changes)


def forget_caches() -> None:
    """Read everything anew: after a rollback, and when other processes have changed things."""
    forget_keys()
    forget_places()
    forget_tags()
    forget_policies()
    forget_rooms()
    forget_dictionaries()
    forget_partitions()


def _mark_seen(events: Sequence[PreparedEvent]) -> list[PreparedEvent]:
    """Note the events as counted; return those that were not before."""
    ids = sorted((event.project_id, event.event_id, event.row_id) for event in events)
    if not ids:
        return []
    rows = [(row_id, project_id, database_event_id(id_)) for project_id, id_, row_id in ids]
    inserted = insert_new(SeenEvent, _SEEN, rows, returning=_SEEN[:1])
    fresh = {row_id for (row_id,) in inserted}
    if len(fresh) < len(rows) and without_counted(
        [event for event in events if event.row_id not in fresh]
    ):
        raise RowIdTakenError("another event has this row id")
    return [event for event in events if event.row_id in fresh]


def _group(events: Iterable[PreparedEvent], assigned: Assigned) -> dict[int, list[PreparedEvent]]:
    groups: dict[int, list[PreparedEvent]] = defaultdict(list)
    for event in events:
        key_id = assigned.keys.get(event.row_id)
        if key_id is None:
            raise StaleAssignmentError
        groups[key_id].append(event)
    return groups


def _insert_events(groups: dict[int, list[PreparedEvent]], places: Places) -> None:
    rows = [
        (
            event.row_id,
            event.project_id,
            key_id,
            database_event_id(event.event_id),
            database_moment(event.occurred_at),
            event.summary.level,
            places.releases.get((event.project_id, event.release)),
            places.environments[(event.project_id, event.environment)],
            event.user_hash,
        )
        for key_id, events in groups.items()
        for event in events
    ]
    payloads = [
        (event.row_id, event.payload.dictionary_id, event.payload.content)
        for events in groups.values()
        for event in events
    ]
    with missing_partition_is_outage():
        insert_rows(Event, _EVENT, sorted(rows))
        insert_rows(EventPayload, _PAYLOAD, sorted(payloads))


def _report(
    by_issue: dict[int, list[PreparedEvent]], changes: dict[int, IssueChange]
) -> list[Recorded]:
    """The first event of an issue in the batch carries what the batch did to the issue."""
    recorded = []
    for issue_id, events in by_issue.items():
        change = changes[issue_id]
        for position, event in enumerate(sorted(events, key=lambda event: event.row_id)):
            is_first = position == 0
            recorded.append(
                Recorded(
                    event.project_id,
                    issue_id,
                    event.row_id,
                    is_first and change.is_new,
                    is_first and change.is_regression,
                    change.event_count,
                )
            )
    return recorded
