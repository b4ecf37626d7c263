"""The answer when what a page consists of lies in an object storage that is away."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.http import PersonRequest
from errors.storage import PayloadsAwayError

RETRY_AFTER_S = 60
Parameters = ParamSpec("Parameters")


def needs_payloads(
    view: Callable[Concatenate[PersonRequest, Parameters], HttpResponse],
) -> Callable[Concatenate[PersonRequest, Parameters], HttpResponse]:
    """Translate PayloadsAwayError into a page of status 503."""

    @wraps(view)
    def respond(
        request: PersonRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PayloadsAwayError:
            return answer_away(request)

    return respond


def answer_away(request: HttpRequest) -> HttpResponse:
    """A page that says so, with status 503."""
    response = render(request, "errors/payloads_away.html", status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response
