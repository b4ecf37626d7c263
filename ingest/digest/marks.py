"""When a project's first event came, and when a key was last used: within a minute."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime

from ingest.inbox.base import Message
from projects.models import Project, ProjectKey

EVERY_S = 60.0
MAX_REMEMBERED = 10_000

_next_mark: dict[int, float] = {}
_begun: set[int] = set()


def forget_marks() -> None:
    """Mark again at the next message, after a rollback."""
    _next_mark.clear()
    _begun.clear()


def mark_use(messages: Iterable[Message], *, now: float) -> None:
    """Note the use of each message's key and, once, that its project has begun to send."""
    if len(_next_mark) + len(_begun) > MAX_REMEMBERED:
        forget_marks()
    keys = {message.key_id for message in messages if message.key_id}
    due = sorted(key for key in keys if _next_mark.get(key, 0.0) <= time.monotonic())
    if due:
        ProjectKey.objects.filter(pk__in=due).update(last_used_at=datetime.fromtimestamp(now, UTC))
        _next_mark.update(dict.fromkeys(due, time.monotonic() + EVERY_S))


def mark_begin(project_ids: Iterable[int], *, now: float) -> None:
    """Note once when a project's first event was digested."""
    fresh = sorted(set(project_ids) - _begun)
    if fresh:
        projects = Project.objects.filter(pk__in=fresh, first_event_at=None)
        projects.update(first_event_at=datetime.fromtimestamp(now, UTC))
        _begun.update(fresh)
