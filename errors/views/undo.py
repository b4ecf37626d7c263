"""Tokens that take a change back: what was done, signed, good for an hour."""

from typing import Any

from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.http import PersonRequest

SALT = "errors.undo"
SECONDS = 3600
# What kinds of changes there are.
ISSUES, FEEDBACK = "issues", "feedback"


def undo_token(kind: str, change: Any) -> str:
    """Sign what was done, as JSON can say it."""
    return signing.dumps({kind: change}, salt=SALT, compress=True)


def read_token(token: str) -> dict[str, Any]:
    """What was done, by its kind. Raises signing.BadSignature for one that is old or not ours."""
    found: dict[str, Any] = signing.loads(token, salt=SALT, max_age=SECONDS)
    return found


def go_back(request: PersonRequest, otherwise: str) -> HttpResponse:
    """To the local address in `next`, else to where the form stood, else to a page by its name."""
    for address in (request.POST.get("next"), request.headers.get("Referer")):
        if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
            return HttpResponseRedirect(address or "")
    return redirect(otherwise)
