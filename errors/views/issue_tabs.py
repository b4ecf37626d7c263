"""The other tabs of an issue: its events, tags, activity and grouping."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.http import PersonRequest
from errors.models import GroupingKey
from errors.presenters.grouping import present_grouping
from errors.presenters.tags import present_tags
from errors.queries.counts import tags_of_keys
from errors.queries.events import events_of_keys, lines_of
from errors.storage import load_document
from errors.views.away import needs_payloads
from errors.views.issue_page import find_event_of, find_issue, render_issue
from projects.paging import BoundedPaginator

PAGE_SIZE = 50
MAX_ACTIVITIES = 200


@login_required
@require_GET
def issue_events(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The events that are kept, newest first."""
    page = find_issue(request, slug, number)
    kept = BoundedPaginator(events_of_keys(page.key_ids), PAGE_SIZE)
    events = kept.get_page(request.GET.get("page"))
    context = {"page": events, "lines": lines_of(events)}
    return render_issue(request, page, "issue_events", "errors/issue_events.html", context)


@login_required
@require_GET
def issue_tags(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """How the events spread over the values of each tag."""
    page = find_issue(request, slug, number)
    context = {"tags": present_tags(tags_of_keys(page.key_ids))}
    return render_issue(request, page, "issue_tags", "errors/issue_tags.html", context)


@login_required
@require_GET
def issue_activity(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """What people and the site did with the issue, newest first."""
    page = find_issue(request, slug, number)
    activities = page.issue.activities.select_related("user")[:MAX_ACTIVITIES]
    context = {"activities": activities}
    return render_issue(request, page, "issue_activity", "errors/issue_activity.html", context)


@login_required
@require_GET
@needs_payloads
def issue_grouping(request: PersonRequest, slug: str, number: int, event: str = "") -> HttpResponse:
    """Why an event is here, the newest unless one is named, and every hash that leads here."""
    page = find_issue(request, slug, number)
    found = find_event_of(page, event)
    document = load_document(found.pk) if found else None
    context = {
        "keys": GroupingKey.objects.filter(pk__in=page.key_ids).order_by("-event_count"),
        "event": found,
        "is_named": bool(event),
        "view": document and present_grouping(document.get("grouping", {}), document["event"]),
    }
    return render_issue(request, page, "issue_grouping", "errors/issue_grouping.html", context)
