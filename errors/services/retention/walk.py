"""Walk over events in the order in which they were received, a bounded stretch at a time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import connection

# So many rows are read in a millisecond or two, whoever's they are.
WINDOW_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """An event: its row id, and what it belongs to."""

    id: int
    project_id: int
    issue_id: int


def windows(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges of row ids, from each up to before the next, with at most WINDOW_ROWS events each."""
    while start < end:
        found = _execute(
            "SELECT id FROM errors_event WHERE id >= %s AND id < %s ORDER BY id LIMIT 1 OFFSET %s",
            [start, end, WINDOW_ROWS],
        )
        stop = found[0][0] if found else end
        yield start, stop
        start = stop


def rows_between(start: int, stop: int, projects: Collection[int]) -> list[Row]:
    """These projects' events of a window, oldest first."""
    if not projects:
        return []
    marks = ", ".join(["%s"] * len(projects))
    statement = (
        "SELECT event.id, event.project_id, key.issue_id FROM errors_event AS event "  # noqa: S608
        "JOIN errors_groupingkey AS key ON key.id = event.grouping_key_id "
        f"WHERE event.id >= %s AND event.id < %s AND event.project_id IN ({marks}) "
        "ORDER BY event.id"
    )
    return [Row(*row) for row in _execute(statement, [start, stop, *projects])]


def last_event_id() -> int:
    """The newest event's row id; 0 while there is none."""
    found = _execute("SELECT id FROM errors_event ORDER BY id DESC LIMIT 1", [])
    return int(found[0][0]) if found else 0


def _execute(statement: str, values: list[int]) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
