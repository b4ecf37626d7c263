"""Which feedback a list shows, and what its rows are joined with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from common.text import clean_text
from errors.models import Attachment, Event, Feedback
from errors.models.feedback import FeedbackQuerySet
from errors.queries.events import keys_of_events
from projects.paging import BoundedPaginator

NEW, HANDLED = "new", "handled"
# Beside one event; the tab has all.
MAX_BESIDE_EVENT = 20


@dataclass(frozen=True, slots=True)
class FeedbackFilter:
    """What a list was asked for; unknown values fall back to the usual ones."""

    state: str = NEW
    text: str = ""

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Read `state` and `q` of a query string."""
        state = params.get("state", "")
        return cls(
            state=state if state in (NEW, HANDLED) else NEW,
            text=clean_text(params.get("q", "")).strip()[:200],
        )

    def apply(self, rows: FeedbackQuerySet, state: str = "") -> FeedbackQuerySet:
        """The feedback to show, newest first; of another state where one is named."""
        is_new = (state or self.state) == NEW
        rows = rows.filter(handled_at=None) if is_new else rows.exclude(handled_at=None)
        for word in self.text.lower().split():
            rows = rows.filter(search_text__contains=word)
        return rows.order_by("-pk")

    def count(self, rows: FeedbackQuerySet) -> dict[str, int]:
        """How many there are of each state, at most as many as anybody pages through."""
        limit = BoundedPaginator.LIMIT
        return {state: self.apply(rows, state)[:limit].count() for state in (NEW, HANDLED)}


def feedback_of_keys(key_ids: Sequence[int]) -> FeedbackQuerySet:
    """The feedback about events of these grouping keys, newest first."""
    return Feedback.objects.filter(grouping_key_id__in=key_ids).order_by("-pk")


def feedback_of_event(event: Event) -> FeedbackQuerySet:
    """The feedback about one event, newest first."""
    rows = Feedback.objects.filter(project_id=event.project_id, event_id=event.event_id)
    return rows.order_by("-pk")[:MAX_BESIDE_EVENT]


def with_names(rows: FeedbackQuerySet) -> FeedbackQuerySet:
    """With what a row names of other models, in the same query."""
    return rows.select_related("project", "handled_by", "grouping_key__issue__project")


@dataclass(frozen=True, slots=True)
class FeedbackParts:
    """What rows are joined with: their events that are kept, and their own files."""

    kept_events: set[tuple[int, Any]]
    files: dict[tuple[int, Any], list[Attachment]]


def read_parts(rows: Iterable[Feedback]) -> FeedbackParts:
    """Look up events and files for a page of rows; three queries for all."""
    found = list(rows)
    files: dict[tuple[int, Any], list[Attachment]] = {}
    own = Attachment.objects.filter(
        project_id__in={row.project_id for row in found},
        event_id__in={row.own_id for row in found if row.own_id},
    )
    for file in own.order_by("envelope_id", "position"):
        files.setdefault((file.project_id, file.event_id), []).append(file)
    about = {(row.project_id, row.event_id) for row in found if row.event_id}
    return FeedbackParts(set(keys_of_events(about)), files)
