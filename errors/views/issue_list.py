"""The list of issues, of one project or of all, and the rows that move while it is open."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.http import PersonRequest
from accounts.models import User
from common.text import read_id
from errors.models import Environment, Issue
from errors.models.issue import IssueQuerySet
from errors.presenters.charts import HOURS, hour_of
from errors.presenters.issue_rows import IssueRow, present_issues
from errors.presenters.list_controls import present_controls
from errors.queries.counts import hourly_of_issues
from errors.queries.issues import IssueFilter, count_by_status
from errors.views.live import live_address
from projects.access import visible_project
from projects.models import Project
from projects.paging import BoundedPaginator

PAGE_SIZE = 50


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The site's first page is the list of issues."""
    return redirect("issue_list")


@login_required
@require_GET
def issue_list(request: PersonRequest, slug: str | None = None) -> HttpResponse:
    """Issues of one project, or of all that the person may see."""
    project = visible_project(request.user, slug) if slug else None
    chosen = IssueFilter.from_params(request.GET)
    issues = _issues(request.user, project)
    counts = count_by_status(issues, chosen)
    page = _page(issues, chosen, counts[chosen.status], request.GET.get("page"))
    context = {
        "section": "issues",
        "project": project,
        "filter": chosen,
        "controls": present_controls(chosen, counts, request.GET),
        "environments": _environments(request.user, project),
        "page": page,
        "rows": _rows(page, request.user, chosen.environment),
        "newest_id": _newest_id(),
        "socket": live_address(project),
    }
    return render(request, "errors/issue_list.html", context)


@login_required
@require_GET
def issue_rows(request: PersonRequest, slug: str | None = None) -> HttpResponse:
    """The rows of `ids`, and how many issues of the same filter are newer than `since`."""
    project = visible_project(request.user, slug) if slug else None
    chosen = IssueFilter.from_params(request.GET)
    issues = _issues(request.user, project)
    asked = issues.filter(pk__in=_ids(request.GET.get("ids", "")))
    shown = _with_names(chosen.count_events(asked))
    since = _ids(request.GET.get("since", ""))
    context = {
        "rows": _rows(shown, request.user, chosen.environment),
        "new_count": chosen.count_newer(issues, since[0]) if since else 0,
    }
    return render(request, "errors/_issue_rows.html", context)


def _issues(user: User, project: Project | None) -> IssueQuerySet:
    issues = Issue.objects.visible_to(user)
    return issues.filter(project=project) if project else issues


def _with_names(issues: IssueQuerySet) -> IssueQuerySet:
    """With what a row names of other models, in the same query."""
    return issues.select_related("project", "last_release")


def _page(
    issues: IssueQuerySet, chosen: IssueFilter, count: int, number: str | None
) -> Page[Issue]:
    paginator = BoundedPaginator(_with_names(chosen.apply(issues)), PAGE_SIZE)
    # The pages end where the filter's counts do.
    paginator.LIMIT = chosen.limit_of(chosen.status)
    # Known already; a second count would read the filter's rows again.
    paginator.count = count
    return paginator.get_page(number)


def _rows(issues: Iterable[Issue], user: User, environment: str) -> list[IssueRow]:
    found = list(issues)
    now_hour = hour_of(timezone.now())
    hourly = hourly_of_issues(
        [issue.pk for issue in found], since_hour=now_hour - HOURS + 1, environment=environment
    )
    writable = set(Project.objects.writable_by(user).values_list("pk", flat=True))
    return present_issues(found, hourly, now_hour=now_hour, writable_projects=writable)


def _environments(user: User, project: Project | None) -> list[str]:
    projects = [project] if project else Project.objects.visible_to(user)
    names = Environment.objects.filter(project__in=projects).order_by("name")
    return list(names.values_list("name", flat=True).distinct())


def _newest_id() -> int:
    """The page is told of issues above this one."""
    return Issue.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _ids(text: str) -> list[int]:
    """At most a page of ids from "5,7,9"; what is no number is left out."""
    found = map(read_id, text.split(",")[:PAGE_SIZE])
    return [each for each in found if each is not None]
