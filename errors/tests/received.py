"""Events and items that were received at a chosen moment, for tests of what is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from common.row_ids import received_at_of, row_id_at
from errors.models import Event, Issue
from errors.services.prepare import PreparedEvent
from errors.services.prepare_items import PreparedEnvelope, PreparedItem
from errors.services.record_items import record_items
from errors.tests.prepared import NOON, make_prepared, store_events
from projects.models import Project

NOW = datetime.fromtimestamp(NOON, UTC)
DAY = timedelta(days=1)
_serial = count()


def make_received(
    project: Project, moment: datetime, *, row: int = 0, **changes: Any
) -> PreparedEvent:
    """An event whose row id says that it was received then."""
    unix_s = moment.timestamp()
    event = make_prepared(project, at=unix_s, **changes)
    return replace(event, row_id=row_id_at(int(unix_s * 1000)) + row)


def receive(project: Project, *days_ago: float, group: str = "crash") -> Issue:
    """Store one event of the group for each age in days; return their issue."""
    events = [
        make_received(project, NOW - days * DAY, row=next(_serial) % 4096, group=group)
        for days in days_ago
    ]
    issue_id = store_events(events, now=NOON)[0].issue_id
    return Issue.objects.get(pk=issue_id)


def ages_of(project: Project) -> list[float]:
    """How old the project's events are that are stored, in days, oldest first."""
    ids = Event.objects.filter(project=project).order_by("pk").values_list("pk", flat=True)
    return [round((NOW - received_at_of(pk)) / DAY, 2) for pk in ids]


def keep_item(project: Project, moment: datetime) -> None:
    """Store an envelope that brought one session."""
    row_id = row_id_at(int(moment.timestamp() * 1000))
    record_items(
        [PreparedEnvelope(project.pk, row_id, "", {})],
        [PreparedItem(project.pk, row_id, 0, "session", {"type": "session"}, b"", 0)],
    )
