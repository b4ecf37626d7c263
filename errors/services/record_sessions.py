"""Which browser sessions met an issue, for who looks for everything that one of them met."""

from errors.models import IssueSession
from errors.rows import insert_new
from errors.services.prepare import PreparedEvent

_COLUMNS = ("session_hash", "grouping_key_id")


def note_sessions(groups: dict[int, list[PreparedEvent]]) -> None:
    """Note the sessions of the new events, by grouping key; most events have none."""
    rows = {
        (event.session_hash, key_id)
        for key_id, events in groups.items()
        for event in events
        if event.session_hash is not None
    }
    if rows:
        insert_new(IssueSession, _COLUMNS, sorted(rows), returning=_COLUMNS[:1])
