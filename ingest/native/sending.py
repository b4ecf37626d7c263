"""What all native views share that take events: limits by address, project and key, and numbers."""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response

from common.addresses import network_of
from common.data_categories import ERROR
from common.recent import RecentAnswers
from common.sliding_window import Limit
from ingest.limits.envelopes import windows_of
from ingest.limits.gate import ADDRESS_WINDOW_S
from ingest.native.bodies import client_of
from ingest.protocol.auth import KnownKey
from projects.limits import Ask, get_limiter
from projects.models import Project
from projects.native_view import LimitReached, NativeView, check_limit
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

    def take_from(self, project_id: int, key: KnownKey | None = None) -> None:
        """Count one event for the project and its key. Raises LimitReached."""
        self.project_id = project_id
        given = key or KnownKey(0, project_id, (), True, None, _project_limits.find(project_id))
        windows = windows_of(given, ERROR)
        if windows:
            (verdict,) = get_limiter().check(f"project:{project_id}", [Ask(1, windows)])
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


def _check_address(http: HttpRequest) -> None:
    """Before anybody's key is looked at. Raises LimitReached."""
    address = client_of(http)
    if settings.MAX_REQUESTS_PER_ADDRESS and address:
        limit = settings.MAX_REQUESTS_PER_ADDRESS
        owner = f"address:{network_of(address)}"
        check_limit(owner, "requests", limit, window_s=ADDRESS_WINDOW_S, scope="address")


def _load_limit(project_id: int) -> Limit | None:
    project = Project.objects.filter(pk=project_id).first()
    return project.limit if project else None


_project_limits: RecentAnswers[int, Limit | None] = RecentAnswers(
    _load_limit, ttl_s=TTL_S, max_entries=MAX_REMEMBERED
)
