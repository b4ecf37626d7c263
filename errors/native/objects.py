"""An issue and its events as native clients know them: flat objects."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from errors.models import Event, GroupingKey, Issue
from errors.presenters.request import full_url
from errors.presenters.traceback import write_traceback
from errors.queries.counts import key_ids_of
from errors.queries.events import events_of_keys
from errors.storage import load_document

# What pages in browsers send as; Node.js has a name of its own.
BROWSER = "javascript"
OCCURRENCES = 5
Object = dict[str, Any]


def fingerprints_of(issue_ids: Collection[int]) -> dict[int, str]:
    """The fingerprint of each issue: the hash of its oldest grouping key; one query."""
    keys = GroupingKey.objects.filter(issue_id__in=issue_ids, hash__isnull=False)
    rows = keys.order_by("-pk").values_list("issue_id", "hash")
    return {issue_id: hash_ or "" for issue_id, hash_ in rows}


def write_error(issue: Issue, fingerprint: str) -> Object:
    """The flat object of a list. Reads `issue.project`."""
    return {
        "id": issue.pk,
        "fingerprint": fingerprint,
        "project": issue.project.name,
        "exception_type": issue.type or issue.title,
        "message": issue.value,
        "count": issue.event_count,
        "first_seen": write_time(issue.first_seen_at),
        "last_seen": write_time(issue.last_seen_at),
        "resolved": issue.status != Issue.Status.UNRESOLVED,
        "source": "browser" if issue.platform == BROWSER else "server",
    }


def write_error_in_full(issue: Issue) -> Object:
    """The same with its stack and its newest events. Raises PayloadsAwayError."""
    occurrences = [
        _write_occurrence(event, load_document(event.pk) or {})
        for event in events_of_keys(key_ids_of(issue.pk)).select_related(None)[:OCCURRENCES]
    ]
    is_closed = issue.status != Issue.Status.UNRESOLVED
    return write_error(issue, fingerprints_of([issue.pk]).get(issue.pk, "")) | {
        "traceback": occurrences[0]["traceback"] if occurrences else "",
        "resolved_at": write_time(issue.status_changed_at) if is_closed else None,
        "occurrences": occurrences,
    }


def _write_occurrence(event: Event, document: Mapping[str, Any]) -> Object:
    """One event; what is no longer kept of it is null."""
    payload: Mapping[str, Any] = document.get("event", {})
    request: Mapping[str, Any] = payload.get("request", {})
    return {
        "id": event.pk,
        "timestamp": write_time(event.occurred_at),
        "request_url": full_url(request) or None,
        "request_method": request.get("method"),
        "request_headers": dict(request["headers"]) if "headers" in request else None,
        "user_id": payload.get("user", {}).get("id"),
        "extra": _extra_of(payload),
        "traceback": write_traceback(payload),
    }


def _extra_of(payload: Mapping[str, Any]) -> Any:
    """The extra data in the shape that it came in, with the browser's session."""
    contexts = payload.get("contexts", {})
    extra = payload.get("extra")
    if contexts.get("report", {}).get("is_extra_bare") and isinstance(extra, dict):
        return extra.get("extra")
    session = contexts.get("session", {}).get("id")
    return {**(extra or {}), "session_id": session} if session else extra


def write_time(moment: datetime) -> str:
    """2026-01-01T00:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
