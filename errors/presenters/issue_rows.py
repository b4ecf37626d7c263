"""The rows of the issue list."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from errors.models import Issue
from errors.presenters.charts import Sparkline, draw_sparkline

SUBSTATUS_KINDS = {
    Issue.Substatus.NEW.value: "info",
    Issue.Substatus.REGRESSED.value: "error",
}


@dataclass(frozen=True, slots=True)
class IssueRow:
    """An issue as a list shows it. `badge` is its substatus while that says something."""

    issue: Issue
    href: str
    level: str
    heading: str
    message: str
    badge: str
    badge_kind: str
    sparkline: Sparkline
    event_count: int
    is_writable: bool


def present_issues(
    issues: Iterable[Issue],
    hourly: Mapping[int, Mapping[int, int]],
    *,
    now_hour: int,
    writable_projects: Collection[int],
) -> list[IssueRow]:
    """Make a row of each issue; `hourly` has the events of the last day by issue and hour."""
    return [
        _row(issue, hourly.get(issue.pk, {}), now_hour, issue.project_id in writable_projects)
        for issue in issues
    ]


def _row(issue: Issue, by_hour: Mapping[int, int], now_hour: int, is_writable: bool) -> IssueRow:
    badge = substatus_of(issue)
    return IssueRow(
        issue=issue,
        href=reverse("issue", args=[issue.project.slug, issue.number]),
        level=issue.get_level_display(),
        heading=issue.type or issue.title,
        message=message_of(issue),
        badge=badge,
        badge_kind=SUBSTATUS_KINDS.get(badge, ""),
        sparkline=draw_sparkline(by_hour, now_hour=now_hour),
        # A list counts those of the environment that it was narrowed to.
        event_count=getattr(issue, "events_shown", issue.event_count),
        is_writable=is_writable,
    )


def message_of(issue: Issue) -> str:
    """The exception's own words, where the heading is only its type."""
    return issue.value if issue.type else ""


def substatus_of(issue: Issue) -> str:
    """The substatus while the issue is unresolved and not merely ongoing, else ""."""
    if issue.status != Issue.Status.UNRESOLVED or issue.substatus == Issue.Substatus.ONGOING:
        return ""
    return issue.substatus
