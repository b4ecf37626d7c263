"""Which grouping key each event of a batch belongs to; what is missing is made.

Reads go through a bounded cache. The main transaction checks what it gives under lock
(`errors.services.record`), so a cached answer may be old but never does harm.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from errors.models import GroupingKey, Issue, SeenEvent
from errors.rows import moment
from errors.services.prepare import PreparedEvent
from projects.models import Project

MAX_CACHED_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class _KnownKey:
    id: int
    issue_id: int


@dataclass(slots=True)
class _Target:
    """The issue that a new hash will lead to (0: one to be made), for this event's sake."""

    event: PreparedEvent
    issue_id: int = 0


# What led to the key is part of the name: once both hashes are attached there is nothing to do.
_settled: dict[tuple[int, str, str | None], int] = {}
_Known = dict[tuple[int, str], _KnownKey]


def forget_keys() -> None:
    """Read every key anew: a merge, a deletion or a rollback has changed them."""
    _settled.clear()


def assign_keys(events: Sequence[PreparedEvent], *, now: float) -> dict[int, int]:
    """Return the id of the grouping key of each event, by row id.

    An event that was counted before and whose hashes lead nowhere any more has none.
    Transaction: its own, short, and only when something must be made.
    """
    assigned = {event.row_id: key_id for event in events if (key_id := _settled.get(_name(event)))}
    rest = [event for event in events if event.row_id not in assigned]
    if rest:
        known = _read_keys(rest)
        if any(_is_unsettled(event, known) for event in rest):
            known = _make_keys(rest, now)
        assigned |= _settle(rest, known)
    return assigned


def _name(event: PreparedEvent) -> tuple[int, str, str | None]:
    return (event.project_id, event.grouping.primary, event.grouping.secondary)


def _hashes(event: PreparedEvent) -> Iterator[tuple[int, str]]:
    """The event's hashes, the one that names its key first."""
    yield (event.project_id, event.grouping.primary)
    if event.grouping.secondary:
        yield (event.project_id, event.grouping.secondary)


def _is_unsettled(event: PreparedEvent, known: _Known) -> bool:
    return any(name not in known for name in _hashes(event))


def _settle(events: Iterable[PreparedEvent], known: _Known) -> dict[int, int]:
    if len(_settled) >= MAX_CACHED_KEYS:
        _settled.clear()
    assigned = {}
    for event in events:
        key = known.get((event.project_id, event.grouping.primary))
        if key:
            assigned[event.row_id] = _settled[_name(event)] = key.id
    return assigned


def _hashes_by_project(events: Iterable[PreparedEvent]) -> dict[int, set[str]]:
    wanted: dict[int, set[str]] = defaultdict(set)
    for event in events:
        wanted[event.project_id].update(hash_ for _, hash_ in _hashes(event))
    return wanted


def _keys_of(events: Iterable[PreparedEvent]) -> Q:
    condition = Q(pk=None)
    for project_id, hashes in _hashes_by_project(events).items():
        condition |= Q(project_id=project_id, hash__in=hashes)
    return condition


def _read_keys(events: Iterable[PreparedEvent]) -> _Known:
    """The keys that these events' hashes lead to, those of deleted issues left out."""
    rows = GroupingKey.objects.filter(_keys_of(events), issue__deleted_at=None)
    return {
        (project_id, hash_ or ""): _KnownKey(key_id, issue_id)
        for key_id, issue_id, project_id, hash_ in rows.values_list(
            "pk", "issue_id", "project_id", "hash"
        )
    }


def _make_keys(events: Sequence[PreparedEvent], now: float) -> _Known:
    """Attach new hashes to the issues that their events belong to, or to new issues.

    The lock on the project's row makes the hashes and the short ids of a project one at a time.
    """
    with transaction.atomic():
        projects = _lock_projects({event.project_id for event in events})
        _free_hashes(events)
        known = _read_keys(events)
        # A retry must not bring a deleted issue back, empty.
        fresh = without_counted([event for event in events if _is_unsettled(event, known)])
        targets = _lead_hashes(fresh, known)
        _make_issues(targets.values(), projects, now)
        return known | _insert_keys(targets)


def _lock_projects(project_ids: Iterable[int]) -> dict[int, Project]:
    rows = Project.objects.select_for_update(no_key=True).filter(pk__in=project_ids)
    return {project.pk: project for project in rows.order_by("pk")}


def _free_hashes(events: Iterable[PreparedEvent]) -> None:
    """Let the hashes of deleted issues go: their events and counts stay with the old keys."""
    GroupingKey.objects.filter(
        pk__in=GroupingKey.objects.filter(_keys_of(events), issue__deleted_at__isnull=False).values(
            "pk"
        )
    ).update(hash=None)


def without_counted(events: Sequence[PreparedEvent]) -> list[PreparedEvent]:
    """Leave out what was counted before, as a retry brings it again."""
    ids: dict[int, list[str]] = defaultdict(list)
    for event in events:
        ids[event.project_id].append(event.event_id)
    counted = {
        (project_id, event_id.hex)
        for project_id, event_ids in ids.items()
        for event_id in SeenEvent.objects.filter(
            project_id=project_id, event_id__in=event_ids
        ).values_list("event_id", flat=True)
    }
    return [event for event in events if (event.project_id, event.event_id) not in counted]


def _lead_hashes(events: Iterable[PreparedEvent], known: _Known) -> dict[tuple[int, str], _Target]:
    """Say for each hash that leads nowhere to which issue it will, as if events came singly."""
    targets: dict[tuple[int, str], _Target] = {}
    for event in events:
        names = list(_hashes(event))
        found = (_Target(event, known[name].issue_id) for name in names if name in known)
        planned = (targets[name] for name in names if name in targets)
        target = next(found, None) or next(planned, None) or _Target(event)
        for name in names:
            if name not in known:
                targets.setdefault(name, target)
    return targets


def _make_issues(targets: Iterable[_Target], projects: dict[int, Project], now: float) -> None:
    fresh = list({id(target): target for target in targets if not target.issue_id}.values())
    if not fresh:
        return
    issues = Issue.objects.bulk_create(
        [_new_issue(target.event, projects[target.event.project_id], now) for target in fresh]
    )
    for target, issue in zip(fresh, issues, strict=True):
        target.issue_id = issue.pk
    Project.objects.bulk_update(projects.values(), ["last_issue_number"])


def _new_issue(event: PreparedEvent, project: Project, now: float) -> Issue:
    """An issue without events yet, which takes the project's next number."""
    project.last_issue_number += 1
    summary = event.summary
    return Issue(
        project=project,
        number=project.last_issue_number,
        title=summary.title,
        platform=summary.platform,
        level=summary.level,
        status_changed_at=moment(now),
        first_seen_at=moment(event.occurred_at),
        last_seen_at=moment(event.occurred_at),
    )


def _insert_keys(targets: dict[tuple[int, str], _Target]) -> _Known:
    keys = GroupingKey.objects.bulk_create(
        [
            GroupingKey(
                project_id=project_id,
                hash=hash_,
                issue_id=target.issue_id,
                version=target.event.grouping.version,
            )
            for (project_id, hash_), target in targets.items()
        ]
    )
    return {(key.project_id, key.hash or ""): _KnownKey(key.pk, key.issue_id) for key in keys}
