"""What every page of one issue shares: the issue itself, its heading, histogram and tabs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.http import PersonRequest
from errors.models import Event, Issue, Release
from errors.presenters.charts import Histogram, draw_histogram, first_hour_of_histogram
from errors.presenters.issue_rows import SUBSTATUS_KINDS, substatus_of
from errors.presenters.list_controls import Control
from errors.queries.counts import hourly_of_keys, key_ids_of
from errors.queries.events import find_event, newest_event
from errors.queries.feedback import feedback_of_keys
from errors.views.live import live_address
from projects.access import can_write
from projects.paging import BoundedPaginator

# More than fit as marks over thirty days.
MAX_RELEASES = 20
TABS = (
    ("issue", "Event"),
    ("issue_events", "Events"),
    ("issue_tags", "Tags"),
    ("issue_feedback", "Feedback"),
    ("issue_activity", "Activity"),
    ("issue_grouping", "Grouping"),
)


@dataclass(frozen=True, slots=True)
class IssuePage:
    """An issue that this person may see, and the grouping keys that lead to it."""

    issue: Issue
    key_ids: list[int]

    def address(self, name: str, *rest: object) -> str:
        """The address of one of the issue's pages."""
        return reverse(name, args=[self.issue.project.slug, self.issue.number, *rest])


def find_issue(request: PersonRequest, slug: str, number: int) -> IssuePage:
    """The issue by its address. Raises Http404: others learn nothing of it."""
    issues = Issue.objects.visible_to(request.user)
    issues = issues.select_related("project", "first_release", "last_release")
    issue = get_object_or_404(issues, project__slug=slug, number=number)
    return IssuePage(issue, key_ids_of(issue.pk))


def find_event_of(page: IssuePage, text: str) -> Event | None:
    """The named event, else the newest. Raises Http404 for a name that leads nowhere."""
    if not text:
        return newest_event(page.key_ids)
    event = find_event(page.key_ids, page.issue.project_id, text)
    if event is None:
        raise Http404("This issue has no such event.")
    return event


def render_issue(
    request: PersonRequest, page: IssuePage, tab: str, template: str, context: dict[str, Any]
) -> HttpResponse:
    """Render one tab below the issue's heading."""
    issue = page.issue
    badge = substatus_of(issue) or issue.status
    shared = {
        "section": "issues",
        "project": issue.project,
        "issue": issue,
        "badge": badge,
        "badge_kind": "good" if badge == "resolved" else SUBSTATUS_KINDS.get(badge, ""),
        "histogram": _histogram(page),
        "tabs": _tabs(page, tab),
        "can_write": can_write(request.user, issue.project),
        "socket": live_address(issue.project),
        "list_href": reverse("project_issue_list", args=[issue.project.slug]),
    }
    return render(request, template, {**shared, **context})


def _tabs(page: IssuePage, current: str) -> list[Control]:
    counts = {
        "issue_activity": page.issue.activities.count() or None,
        "issue_feedback": feedback_of_keys(page.key_ids)[: BoundedPaginator.LIMIT].count() or None,
    }
    return [
        Control(label, page.address(name), name == current, counts.get(name))
        for name, label in TABS
    ]


def _histogram(page: IssuePage) -> Histogram:
    now = timezone.localtime()
    since_hour = first_hour_of_histogram(now)
    return draw_histogram(
        hourly_of_keys(page.key_ids, since_hour=since_hour), _releases(page.issue), now=now
    )


def _releases(issue: Issue) -> list[tuple[str, datetime]]:
    releases: QuerySet[Release] = issue.project.releases.order_by("-first_seen_at")
    return list(releases.values_list("version", "first_seen_at")[:MAX_RELEASES])
