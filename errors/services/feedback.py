"""Feedback: written by the digest, joined to its issue when both are there, handled by people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from common.row_ids import row_id_at
from errors.feedback import Words
from errors.models import Feedback, KeptBytes
from errors.models.feedback import FeedbackQuerySet
from errors.queries.events import keys_of_events
from errors.rows import insert_rows
from errors.scrub import scrub_value
from errors.services.kept import count_kept
from errors.services.policies import ProjectPolicy
from errors.services.prepare_items import ROW_BYTES, ItemSource
from errors.services.record_items import optional_event_id

# Longer than a client keeps an event to send it again.
WAIT = timedelta(days=30)
# Looked at in one run, and with each batch of events.
MAX_WAITING = 1_000
MAX_RECENT = 100
# Row id, project id, event's id.
Waiting = tuple[int, int, Any]

_COLUMNS = (
    "project_id",
    "envelope_id",
    "position",
    "source",
    "own_id",
    "event_id",
    "name",
    "email",
    "message",
    "url",
    "search_text",
    "kept_bytes",
)


@dataclass(frozen=True, slots=True)
class PreparedFeedback:
    """A person's words to keep, scrubbed."""

    project_id: int
    envelope_row_id: int
    position: int
    source: str
    own_id: str
    event_id: str
    name: str
    email: str
    message: str
    url: str

    @property
    def search_text(self) -> str:
        """All that a word is looked for in, as one text without capitals."""
        return f"{self.message} {self.name} {self.email} {self.url}".lower()

    @property
    def kept_bytes(self) -> int:
        """What the row takes, about."""
        return ROW_BYTES + 2 * len(self.search_text.encode())


def prepare_feedback(
    words: Words, origin: Feedback.Source, source: ItemSource, policy: ProjectPolicy
) -> PreparedFeedback:
    """Scrub what a person wrote; how to reach them stays, unless the project calls it secret."""
    given = {
        "message": words.message,
        "name": words.name,
        "email": words.email,
        "url": words.url,
    }
    scrubbed: Any = scrub_value(given, policy.scrub)
    return PreparedFeedback(
        project_id=policy.project_id,
        envelope_row_id=source.row_id,
        position=source.position,
        source=origin.value,
        own_id=source.event_id or words.own_id,
        event_id=words.event_id,
        **scrubbed,
    )


def record_feedback(prepared: Sequence[PreparedFeedback]) -> None:
    """Write feedback inside the caller's transaction, after the events of the same batch."""
    rows = [
        (
            one.project_id,
            one.envelope_row_id,
            one.position,
            one.source,
            optional_event_id(one.own_id),
            optional_event_id(one.event_id),
            one.name,
            one.email,
            one.message,
            one.url,
            one.search_text,
            one.kept_bytes,
        )
        for one in prepared
    ]
    insert_rows(Feedback, _COLUMNS, rows)
    kind = KeptBytes.Kind.FEEDBACK.value
    count_kept((one.project_id, kind, one.kept_bytes) for one in prepared)


def join_feedback(event_ids: Iterable[str]) -> int:
    """Join what waits for these events, inside the caller's transaction; return how many.

    event_ids: 32 hex digits, of any project. Looked for among the newest that wait, since that
    costs every batch of events the same; `join_waiting` finds the rest.
    """
    wanted = set(event_ids)
    if not wanted:
        return 0
    return _join([row for row in _waiting()[:MAX_RECENT] if row[2].hex in wanted])


def join_waiting(*, now: datetime) -> int:
    """Join what waits for an event that was written at the same moment, elsewhere."""
    oldest = row_id_at(int((now - WAIT).timestamp() * 1000))
    return _join(list(_waiting().filter(envelope_id__gte=oldest)[:MAX_WAITING]))


def _waiting() -> "QuerySet[Feedback, Waiting]":
    """Row id, project id and event's id of what waits, newest first."""
    rows = Feedback.objects.waiting().order_by("-pk")
    return rows.values_list("pk", "project_id", "event_id")


def _join(found: Sequence[Waiting]) -> int:
    if not found:
        return 0
    keys = keys_of_events({(project_id, event_id) for _, project_id, event_id in found})
    joined = 0
    for pk, project_id, event_id in found:
        if key_id := keys.get((project_id, event_id)):
            joined += Feedback.objects.filter(pk=pk).update(grouping_key_id=key_id)
    return joined


def handle_feedback(rows: FeedbackQuerySet, *, user: User, now: datetime) -> list[int]:
    """Mark these as dealt with; return the ids of those that were not."""
    return _mark(rows.filter(handled_at=None), handled_at=now, handled_by=user)


def reopen_feedback(rows: FeedbackQuerySet, *, user: User, now: datetime) -> list[int]:
    """Mark these as new again; return the ids of those that were dealt with."""
    return _mark(rows.exclude(handled_at=None), handled_at=None, handled_by=None)


def _mark(rows: FeedbackQuerySet, **changes: Any) -> list[int]:
    ids = list(rows.values_list("pk", flat=True))
    Feedback.objects.filter(pk__in=ids).update(**changes)
    return ids
