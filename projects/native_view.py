"""What the views of all native interfaces share: keys, limits, and answers byte for byte."""

from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.negotiation import OneForAll
from projects.limits import Limit, get_limiter
from projects.native_auth import INVALID, ErrorsKeyAuthentication
from projects.native_limits import WINDOW_S

RETRY_AFTER_S = 5


class NativeRefusal(Exception):
    """An answer that is no success: its status and what its body says."""

    def __init__(self, status: int, detail: object, *, retry_after_s: int = 0) -> None:
        super().__init__(str(detail))
        self.status = status
        self.body = {"detail": detail}
        self.retry_after_s = retry_after_s


class NotFound(NativeRefusal):
    """Nothing is there, or it is of a project that the key does not open."""

    def __init__(self) -> None:
        super().__init__(404, "Not found")


class LimitReached(NativeRefusal):
    """Too many requests within the window; `scope` says whose: "key", "project" or "address"."""

    def __init__(self, wait_s: int, scope: str) -> None:
        super().__init__(429, "Rate limit exceeded", retry_after_s=wait_s)
        self.body["retry_after"] = wait_s
        self.scope = scope


class NativeView(APIView):
    """Takes a native key, and answers in the words that native clients know."""

    authentication_classes: Any = (ErrorsKeyAuthentication,)
    # Who has a key may call; what it opens decides over rows.
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = OneForAll

    def handle_exception(self, exc: Exception) -> Response:
        refusal = _refusal_of(exc)
        if refusal is None:
            return super().handle_exception(exc)
        response = Response(refusal.body, status=refusal.status)
        if refusal.retry_after_s:
            response.headers["Retry-After"] = str(refusal.retry_after_s)
        if refusal.status == 401 and (scheme := self.get_authenticate_header(self.request)):
            response.headers["WWW-Authenticate"] = scheme
        return response


def check_limit(
    owner: str, name: str, requests: int, *, window_s: int = WINDOW_S, scope: str = "key"
) -> None:
    """Count one request of the owner. Raises LimitReached when that were too many in the window."""
    if wait_s := get_limiter().wait_s(owner, name, Limit(requests, window_s)):
        raise LimitReached(wait_s, scope)


def _refusal_of(error: Exception) -> NativeRefusal | None:
    if isinstance(error, NativeRefusal):
        return error
    if isinstance(error, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        return NativeRefusal(401, INVALID)
    if isinstance(error, exceptions.MethodNotAllowed):
        return NativeRefusal(405, "Method not allowed")
    if isinstance(error, Http404 | exceptions.NotFound):
        return NotFound()
    if isinstance(error, OperationalError | InterfaceError):
        return NativeRefusal(503, "The database cannot be reached", retry_after_s=RETRY_AFTER_S)
    return None
