"""What every answer carries, and the answers that need nothing else: health and readiness."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse

from common.request_ids import is_request_id
from config.readiness import PartState, read_parts

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give the request an id, or keep the proxy's; logs, pages and the answer carry it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Not request.headers: it remembers its first look, and who follows must see the new id.
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if is_request_id(given) else uuid.uuid4().hex
        request.META["HTTP_X_REQUEST_ID"] = request_id
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        return response


HEALTH_PATH = "/health"
# As one of the replaced systems spells it: another path, and its answer is in capitals.
OLD_HEALTH_PATH = "/health/"
READY_PATH = "/ready"


class HealthMiddleware:
    """Answer both before hosts, sessions and databases are looked at; never redirect.

    /health says that this process serves and asks nothing else: for whoever starts processes anew
    or chooses among them. /ready names what the site needs and how it is: for whoever watches.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == HEALTH_PATH:
            return _json({"status": "ok"})
        if request.path_info == OLD_HEALTH_PATH:
            return _json({"status": "OK"})
        if request.path_info == READY_PATH:
            return _readiness()
        return self.get_response(request)


def _readiness() -> HttpResponse:
    """200 when every part is well, 503 otherwise."""
    parts = read_parts()
    is_ready = not any(part.error for part in parts)
    described = {part.name: _described(part) for part in parts}
    word = "ready" if is_ready else "not ready"
    return _json({"status": word, "parts": described}, status=200 if is_ready else 503)


def _described(part: PartState) -> dict[str, object]:
    """What everybody may know of a part."""
    if not part.error:
        return {"ok": True, "warnings": list(part.warnings)} if part.warnings else {"ok": True}
    since = part.since.isoformat(timespec="seconds") if part.since else None
    return {"ok": False, "error": part.error, "since": since}


def _json(answer: dict[str, object], status: int = 200) -> HttpResponse:
    response = JsonResponse(answer, status=status, json_dumps_params={"separators": (",", ":")})
    response.headers["Cache-Control"] = "no-store"
    # Django would log each 503 as an error; config.readiness logs the changes.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


class NulMiddleware:
    """Refuse a NUL in what is looked up: no text of PostgreSQL holds one, and pages would fail."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        # As cookies and queries write it; servers refuse it as it is.
        if "\\000" in meta.get("HTTP_COOKIE", "") or "%00" in meta.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("The request holds a NUL.", content_type="text/plain")
        return self.get_response(request)


class SecurityHeadersMiddleware:
    """Set the content security policy on every answer that has none of its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        return response
