"""Resolve, reopen and archive, one issue or many; every form posts here."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import PersonRequest
from accounts.models import User
from common.text import read_id
from errors.models import Issue
from errors.models.issue import IssueQuerySet
from errors.services.status import (
    Change,
    archive_issues,
    reopen_issues,
    resolve_issues,
    undo_changes,
)
from errors.views.undo import ISSUES, go_back, undo_token

MAX_ISSUES = 100

Action = Callable[..., list[Change]]
ACTIONS: dict[str, tuple[Action, str]] = {
    "resolve": (resolve_issues, "resolved"),
    "reopen": (reopen_issues, "reopened"),
    "archive": (archive_issues, "archived"),
}


@login_required
@require_POST
def issue_status(request: PersonRequest) -> HttpResponse:
    """Change the status of the issues in `issue` by `action`, then go back to `next`."""
    action, done = ACTIONS.get(request.POST.get("action", ""), (None, ""))
    given = map(read_id, request.POST.getlist("issue"))
    ids = [each for each in given if each is not None][:MAX_ISSUES]
    if action is None or not ids:
        return HttpResponseBadRequest("Choose issues and what to do.", content_type="text/plain")
    issues = _writable(request.user, ids)
    changes = action(issues, user=request.user, now=timezone.now())
    if changes:
        text = f"{_names(changes)} {done}."
        messages.success(request, text, extra_tags=_undo_token(changes))
    return go_back(request, "issue_list")


def undo_issues(request: PersonRequest, found: dict[str, Any]) -> None:
    """Take back what a signed token says was done, where nobody has changed it since."""
    at = datetime.fromisoformat(found["at"])
    changes = [Change(pk, status, substatus, at) for pk, status, substatus in found["rows"]]
    issues = Issue.objects.writable_by(request.user)
    undone = undo_changes(changes, issues, user=request.user, now=timezone.now())
    if undone:
        messages.success(request, f"{_names(undone)} put back.")
    else:
        messages.error(request, "Somebody has changed it since, so it stays as it is.")


def _writable(user: User, ids: Sequence[int]) -> IssueQuerySet:
    """The issues, if the person may see (else 404) and change (else 403) every one of them."""
    wanted = set(ids)
    if Issue.objects.visible_to(user).filter(pk__in=wanted).count() != len(wanted):
        raise Http404
    issues = Issue.objects.writable_by(user).filter(pk__in=wanted)
    if issues.count() != len(wanted):
        raise PermissionDenied
    return issues


def _names(changes: Sequence[Change]) -> str:
    if len(changes) > 1:
        return f"{len(changes)} issues"
    return Issue.objects.select_related("project").get(pk=changes[0].issue_id).short_id


def _undo_token(changes: Sequence[Change]) -> str:
    rows = [[change.issue_id, change.status, change.substatus] for change in changes]
    return undo_token(ISSUES, {"at": changes[0].changed_at.isoformat(), "rows": rows})
