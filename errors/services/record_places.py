"""The releases and environments that a batch of events names; new ones are made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from errors.models import Environment, Release
from errors.rows import database_moment, insert_new
from errors.services.prepare import PreparedEvent

MAX_CACHED = 10_000

_releases: dict[tuple[int, str], int] = {}
_environments: dict[tuple[int, str], int] = {}


@dataclass(frozen=True, slots=True)
class Places:
    """Ids by project and name."""

    releases: dict[tuple[int, str], int]
    environments: dict[tuple[int, str], int]


def forget_places() -> None:
    """Read every release and environment anew: a project has gone, or a write was rolled back."""
    _releases.clear()
    _environments.clear()


def assign_places(events: Sequence[PreparedEvent]) -> Places:
    """Return the ids of the batch's releases and environments. Transaction: its own."""
    if len(_releases) + len(_environments) > MAX_CACHED:
        forget_places()
    return Places(_find_releases(events), _find_environments(events))


def _find_releases(events: Iterable[PreparedEvent]) -> dict[tuple[int, str], int]:
    first_seen: dict[tuple[int, str], float] = {}
    for event in events:
        if event.release:
            name = (event.project_id, event.release)
            first_seen[name] = min(event.occurred_at, first_seen.get(name, event.occurred_at))
    missing = sorted(name for name in first_seen if name not in _releases)
    if missing:
        rows = [(*name, database_moment(first_seen[name])) for name in missing]
        columns = ("project_id", "version", "first_seen_at")
        insert_new(Release, columns, rows, returning=("id",))
        _remember(_releases, Release, "version", missing)
    return {name: _releases[name] for name in first_seen}


def _find_environments(events: Iterable[PreparedEvent]) -> dict[tuple[int, str], int]:
    names = {(event.project_id, event.environment) for event in events}
    missing = sorted(name for name in names if name not in _environments)
    if missing:
        columns = ("project_id", "name")
        insert_new(Environment, columns, missing, returning=("id",))
        _remember(_environments, Environment, "name", missing)
    return {name: _environments[name] for name in names}


def _remember(
    cache: dict[tuple[int, str], int],
    model: type[Release] | type[Environment],
    field: str,
    names: Sequence[tuple[int, str]],
) -> None:
    rows = model._default_manager.filter(
        **{"project_id__in": {name[0] for name in names}, f"{field}__in": {n[1] for n in names}}
    )
    for project_id, name, pk in rows.values_list("project_id", field, "pk"):
        cache[(project_id, name)] = pk
