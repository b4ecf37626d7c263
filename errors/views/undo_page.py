"""Where the *Undo* of every toast posts to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.http import PersonRequest
from errors.views.feedback import undo_feedback
from errors.views.status import undo_issues
from errors.views.undo import FEEDBACK, ISSUES, go_back, read_token

UNDO = {ISSUES: undo_issues, FEEDBACK: undo_feedback}


@login_required
@require_POST
def undo(request: PersonRequest) -> HttpResponse:
    """Take back what the signed `token` says was done."""
    try:
        found = read_token(request.POST.get("token", ""))
    except signing.BadSignature:
        messages.error(request, "It is too late to undo this.")
    else:
        for kind, change in found.items():
            UNDO[kind](request, change)
    return go_back(request, "issue_list")
