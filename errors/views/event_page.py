"""One event of an issue, as a page, as JSON and as Markdown."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import PersonRequest
from accounts.models import User
from errors.models import Event
from errors.presenters.attachments import present_files
from errors.presenters.envelope import present_items
from errors.presenters.event import present_event
from errors.presenters.feedback import FeedbackView
from errors.presenters.markdown import write_markdown
from errors.presenters.source import colour_lines
from errors.queries.attachments import attachments_of
from errors.queries.counts import tags_of_keys
from errors.queries.events import neighbours_of, other_items_of
from errors.queries.feedback import feedback_of_event, with_names
from errors.storage import PayloadsAwayError, load_document
from errors.views.away import needs_payloads
from errors.views.feedback import present_rows
from errors.views.issue_page import IssuePage, find_event_of, find_issue, render_issue

# The order of frames is the person's: kept by the browser for a year.
ORDER_COOKIE = "frames"
ORDERS = ("newest", "oldest")
YEAR_S = 365 * 24 * 3600


@login_required
@require_GET
def issue(request: PersonRequest, slug: str, number: int, event: str = "") -> HttpResponse:
    """The issue with one of its events, the newest unless the address names another."""
    page = find_issue(request, slug, number)
    found = find_event_of(page, event)
    order = _order(request)
    context = _event_context(page, found, order, request.user) if found else {}
    context["order"] = order
    response = render_issue(request, page, "issue", "errors/issue_event.html", context)
    if request.GET.get(ORDER_COOKIE) in ORDERS:
        response.set_cookie(ORDER_COOKIE, order, max_age=YEAR_S, samesite="Lax", httponly=True)
    return response


@login_required
@require_GET
@needs_payloads
def event_json(request: PersonRequest, slug: str, number: int, event: str) -> HttpResponse:
    """The event as stored: scrubbed JSON."""
    _, document = _required(request, slug, number, event)
    return HttpResponse(_pretty(document["event"]), content_type="application/json")


@login_required
@require_GET
@needs_payloads
def event_raw(request: PersonRequest, slug: str, number: int, event: str) -> HttpResponse:
    """The same JSON as a page to read."""
    page, document = _required(request, slug, number, event)
    context = {
        "section": "issues",
        "project": page.issue.project,
        "issue": page.issue,
        "event_id": event,
        "lines": colour_lines(_pretty(document["event"]), "json"),
    }
    return render(request, "errors/event_raw.html", context)


@login_required
@require_GET
@needs_payloads
def event_markdown(request: PersonRequest, slug: str, number: int, event: str) -> HttpResponse:
    """The event as Markdown, as plain text."""
    page, document = _required(request, slug, number, event)
    address = request.build_absolute_uri(page.address("issue_event", event))
    text = write_markdown(document, short_id=page.issue.short_id, address=address)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _event_context(page: IssuePage, event: Event, order: str, user: User) -> dict[str, Any]:
    context: dict[str, Any] = {
        "event": event,
        "event_hex": event.event_id.hex,
        "neighbours": neighbours_of(page.key_ids, event),
        "files": present_files(attachments_of(event), page.issue.project.slug),
        "feedback": _feedback_of(event, user),
    }
    try:
        document = load_document(event.pk)
    except PayloadsAwayError:
        return context | {"is_away": True}
    if document:
        counts = tags_of_keys(page.key_ids)
        context["envelope_rows"] = present_items(other_items_of(event))
        context["view"] = present_event(document, counts, newest_first=order == "newest")
    return context


def _feedback_of(event: Event, user: User) -> list[FeedbackView]:
    about = list(with_names(feedback_of_event(event)))
    return present_rows(about, user) if about else []


def _required(
    request: PersonRequest, slug: str, number: int, event: str
) -> tuple[IssuePage, dict[str, Any]]:
    """The event's document. Raises Http404 where there is none, or none for this person."""
    page = find_issue(request, slug, number)
    found = find_event_of(page, event)
    document = load_document(found.pk) if found else None
    if document is None:
        raise Http404("This event's content is no longer kept.")
    return page, document


def _order(request: PersonRequest) -> str:
    wanted = request.GET.get(ORDER_COOKIE) or request.COOKIES.get(ORDER_COOKIE, "")
    return wanted if wanted in ORDERS else ORDERS[0]


def _pretty(event: dict[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False, indent=2)
