"""Feedback as pages show it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.urls import reverse

from errors.models import Feedback, Issue
from errors.presenters.attachments import FileView, present_files
from errors.queries.feedback import FeedbackParts


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """A person's words with what they are about. "" and None where there is no such."""

    id: int
    who: str
    email: str
    message: str
    # The page's address as given, and as a link where it may be one.
    url: str
    url_href: str
    source: str
    project_name: str
    received_at: datetime
    issue: Issue | None
    issue_href: str
    event_href: str
    files: list[FileView]
    handled_at: datetime | None
    handled_by: str
    can_write: bool


def present_feedback(
    rows: Iterable[Feedback], parts: FeedbackParts, *, writable_projects: Collection[int]
) -> list[FeedbackView]:
    """The views of these rows, which come with what `errors.queries.feedback.with_names` adds."""
    return [_present(row, parts, row.project_id in writable_projects) for row in rows]


def _present(row: Feedback, parts: FeedbackParts, can_write: bool) -> FeedbackView:
    issue = _issue_of(row)
    files = parts.files.get((row.project_id, row.own_id), [])
    return FeedbackView(
        id=row.pk,
        who=row.name or row.email or "Somebody",
        email=row.email if row.name else "",
        message=row.message,
        url=row.url,
        url_href=_href(row.url),
        source=row.get_source_display(),
        project_name=row.project.name,
        received_at=row.received_at,
        issue=issue,
        issue_href=_address(issue, "issue") if issue else "",
        event_href=_event_href(row, issue, parts),
        files=present_files(files, row.project.slug),
        handled_at=row.handled_at,
        handled_by=row.handled_by.name if row.handled_by else "",
        can_write=can_write,
    )


def _issue_of(row: Feedback) -> Issue | None:
    """The issue, unless somebody has deleted it."""
    issue = row.grouping_key.issue if row.grouping_key else None
    return issue if issue and issue.deleted_at is None else None


def _event_href(row: Feedback, issue: Issue | None, parts: FeedbackParts) -> str:
    is_kept = (row.project_id, row.event_id) in parts.kept_events
    return _address(issue, "issue_event", row.event_id.hex) if issue and is_kept else ""


def _address(issue: Issue, name: str, *rest: str) -> str:
    return reverse(name, args=[issue.project.slug, issue.number, *rest])


def _href(url: str) -> str:
    """Only what leads to a page: never javascript: and its like."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return ""
    return url if scheme in {"http", "https"} else ""
