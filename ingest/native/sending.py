"""What all native views share that take events: limits by address, project and key, and numbers."""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.addresses import network_of
from common.data_categories import ERROR
from common.recent import RecentAnswers
from ingest.http import client_of
from ingest.limits.envelopes import windows_of
from ingest.limits.gate import ADDRESS_WINDOW_S
from ingest.protocol.auth import KnownKey
from ingest.protocol.cors import is_allowed, origin_headers
from projects.limits import Ask, get_limiter
from projects.models import Project
from projects.native_view import LimitReached, NativeRefusal, NativeView, check_limit
from projects.statistics import Counted, Outcome, hour_at, tally
from projects.statistics.outcomes import NO_PROJECT

# What people change is noticed after so many seconds.
TTL_S = 5.0
MAX_REMEMBERED = 10_000
_BY_STATUS = {
    400: (Outcome.INVALID, "malformed"),
    401: (Outcome.INVALID, "unknown_key"),
    403: (Outcome.INVALID, "origin"),
    404: (Outcome.INVALID, "unknown_key"),
    413: (Outcome.INVALID, "too_large"),
    422: (Outcome.INVALID, "malformed"),
    503: (Outcome.LIMITED, "overloaded"),
}


class SendingView(NativeView):
    """Takes events by POST; what it refuses is counted, for its project once that is known."""

    project_id = NO_PROJECT

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            _check_address(request._request)
        super().initial(request, *args, **kwargs)

    def take_by(self, key: KnownKey) -> None:
        """Count one event for the key and its project. Raises LimitReached."""
        self.project_id = key.project_id
        windows = windows_of(key, ERROR)
        if windows:
            (verdict,) = get_limiter().check(f"project:{key.project_id}", [Ask(1, windows)])
            if verdict.wait_s:
                scope = windows[verdict.full][0].partition(":")[0]
                raise LimitReached(verdict.wait_s, scope)

    def handle_exception(self, exc: Exception) -> Response:
        answer = super().handle_exception(exc)
        if self.request.method == "POST":
            self._note(exc, answer.status_code)
        return answer

    def _note(self, exc: Exception, status: int) -> None:
        named = _BY_STATUS.get(status)
        if isinstance(exc, LimitReached):
            named = (Outcome.LIMITED, exc.scope)
        if named:
            tally.note(Counted(self.project_id, hour_at(time.time()), named[0], ERROR, named[1]))


class PageSendingView(SendingView):
    """The same for pages of other origins, as far as the project allows them."""

    allowed_headers = "Content-Type"
    _known: KnownKey | None = None

    def know(self, key: KnownKey) -> None:
        """From now on the project's settings count. Raises NativeRefusal for another origin."""
        self._known, self.project_id = key, key.project_id
        origin = self.request.headers.get("Origin", "")
        if origin and not is_allowed(origin, key.allowed_origins):
            raise NativeRefusal(403, "Origin not allowed")

    @extend_schema(exclude=True)
    def options(self, request: Request) -> HttpResponse:  # type: ignore[override] # the parent's answers with metadata
        """What may be sent; the key, and so the project, comes later."""
        headers = {
            "Access-Control-Allow-Methods": "POST, OPTIONS",
            "Access-Control-Allow-Headers": self.allowed_headers,
            "Access-Control-Max-Age": "86400",
        }
        return HttpResponse(status=204, headers=headers)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        origin = self.request.headers.get("Origin", "") if self._known else ""
        origins = self._known.allowed_origins if self._known else ()
        for name, value in origin_headers(origin, origins):
            answer.headers[name.decode()] = value.decode("latin-1")
        return answer


def known_project(project_id: int) -> KnownKey:
    """What a project wants of what comes without any of its DSN's keys, at most TTL_S old."""
    return _known_projects.find(project_id)


def forget_projects() -> None:
    """Ask the database anew."""
    _known_projects.clear()


def _check_address(http: HttpRequest) -> None:
    """Before anybody's key is looked at. Raises LimitReached."""
    address = client_of(http)
    if settings.MAX_REQUESTS_PER_ADDRESS and address:
        limit = settings.MAX_REQUESTS_PER_ADDRESS
        owner = f"address:{network_of(address)}"
        check_limit(owner, "requests", limit, window_s=ADDRESS_WINDOW_S, scope="address")


def _load_project(project_id: int) -> KnownKey:
    project = Project.objects.get(pk=project_id)
    origins = tuple(project.allowed_origins.split()) or ("*",)
    return KnownKey(0, project_id, origins, True, limit=None, project_limit=project.limit)


_known_projects = RecentAnswers(_load_project, ttl_s=TTL_S, max_entries=MAX_REMEMBERED)
