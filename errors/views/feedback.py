"""The list of feedback, of one project or of all, and an issue's; marking it as dealt with."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.http import PersonRequest
from accounts.models import User
from common.text import read_id
from errors.models import Feedback
from errors.models.feedback import FeedbackQuerySet
from errors.presenters.feedback import FeedbackView, present_feedback
from errors.presenters.list_controls import present_feedback_tabs
from errors.queries.feedback import FeedbackFilter, feedback_of_keys, read_parts, with_names
from errors.services.feedback import handle_feedback, reopen_feedback
from errors.views.issue_page import find_issue, render_issue
from errors.views.live import live_address
from errors.views.undo import FEEDBACK, go_back, undo_token
from projects.access import visible_project
from projects.models import Project
from projects.paging import BoundedPaginator

PAGE_SIZE = 25
MAX_CHANGED = 100
Action = Callable[..., list[int]]
# What is done, the words for it, and what takes it back.
ACTIONS: dict[str, tuple[Action, str, str]] = {
    "handle": (handle_feedback, "handled", "reopen"),
    "reopen": (reopen_feedback, "new again", "handle"),
}


@login_required
@require_GET
def feedback_list(request: PersonRequest, slug: str | None = None) -> HttpResponse:
    """Feedback of one project, or of all that the person may see."""
    project = visible_project(request.user, slug) if slug else None
    chosen = FeedbackFilter.from_params(request.GET)
    rows = Feedback.objects.visible_to(request.user)
    if project:
        rows = rows.filter(project=project)
    counts = chosen.count(rows)
    paginator = BoundedPaginator(with_names(chosen.apply(rows)), PAGE_SIZE)
    # Known already.
    paginator.count = counts[chosen.state]
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "section": "feedback",
        "project": project,
        "filter": chosen,
        "controls": present_feedback_tabs(chosen, counts, request.GET),
        "page": page,
        "rows": present_rows(page, request.user),
        "socket": live_address(project),
    }
    return render(request, "errors/feedback_list.html", context)


@login_required
@require_GET
def issue_feedback(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """What people wrote about an issue's events, dealt with or not."""
    page = find_issue(request, slug, number)
    rows = BoundedPaginator(with_names(feedback_of_keys(page.key_ids)), PAGE_SIZE)
    shown = rows.get_page(request.GET.get("page"))
    context = {"page": shown, "rows": present_rows(shown, request.user)}
    return render_issue(request, page, "issue_feedback", "errors/issue_feedback.html", context)


@login_required
@require_POST
def feedback_status(request: PersonRequest) -> HttpResponse:
    """Change the state of the rows in `feedback` by `action`, then go back to `next`."""
    given = map(read_id, request.POST.getlist("feedback"))
    ids = [each for each in given if each is not None][:MAX_CHANGED]
    name = request.POST.get("action", "")
    if name not in ACTIONS or not ids:
        return HttpResponseBadRequest("Choose feedback and what to do.", content_type="text/plain")
    change, done, opposite = ACTIONS[name]
    changed = change(_writable(request.user, ids), user=request.user, now=timezone.now())
    if changed:
        token = undo_token(FEEDBACK, {"action": opposite, "ids": changed})
        messages.success(request, f"{_names(len(changed))} {done}.", extra_tags=token)
    return go_back(request, "feedback_list")


def undo_feedback(request: PersonRequest, found: dict[str, Any]) -> None:
    """Take back what a signed token says was done, of what this person may still change."""
    change, _, _ = ACTIONS[found["action"]]
    rows = Feedback.objects.writable_by(request.user).filter(pk__in=found["ids"])
    changed = change(rows, user=request.user, now=timezone.now())
    if changed:
        messages.success(request, f"{_names(len(changed))} put back.")
    else:
        messages.error(request, "Somebody has changed it since, so it stays as it is.")


def present_rows(rows: Iterable[Feedback], user: User) -> list[FeedbackView]:
    """Rows for a page; they come with what `with_names` adds. Four queries."""
    found = list(rows)
    writable = Project.objects.writable_by(user).values_list("pk", flat=True)
    return present_feedback(found, read_parts(found), writable_projects=set(writable))


def _writable(user: User, ids: list[int]) -> FeedbackQuerySet:
    """The rows, if the person may see (else 404) and change (else 403) every one of them."""
    wanted = set(ids)
    if Feedback.objects.visible_to(user).filter(pk__in=wanted).count() != len(wanted):
        raise Http404
    rows = Feedback.objects.writable_by(user).filter(pk__in=wanted)
    if rows.count() != len(wanted):
        raise PermissionDenied
    return rows


def _names(count: int) -> str:
    return "Feedback" if count == 1 else f"{count} pieces of feedback"
