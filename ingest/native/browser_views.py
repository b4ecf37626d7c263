"""What browsers send to the relay, with a DSN's public key and from any origin that it allows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ingest.accept import query_values
from ingest.errors import IngestError
from ingest.keys import key_cache
from ingest.native import schema
from ingest.native.bodies import receiving
from ingest.native.recording import read_report, record
from ingest.native.reports import read_browser_error
from ingest.native.sending import SendingView
from ingest.protocol.auth import KnownKey, is_public_key
from ingest.protocol.cors import is_allowed, origin_headers
from projects.native_auth import INVALID
from projects.native_limits import browser_limit
from projects.native_view import NativeRefusal, check_limit

KEY_HEADER = "X-Monlight-Key"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": f"{KEY_HEADER}, Content-Type",
    "Access-Control-Max-Age": "86400",
}


class BrowserErrorsView(SendingView):
    """Errors of pages."""

    authentication_classes: Any = ()

    @extend_schema(**schema.BROWSER_REPORT)
    def post(self, request: Request) -> Response:
        key = _find_key(request._request)
        if key is None or not key.is_active:
            raise NativeRefusal(401, INVALID)
        self.project_id = key.project_id
        origin = request.headers.get("Origin", "")
        if origin and not is_allowed(origin, key.allowed_origins):
            raise NativeRefusal(403, "Origin not allowed")
        limit = browser_limit()
        check_limit(f"key:{key.key_id}", "browser", limit.requests)
        with receiving(request._request, limit.body_bytes) as body:
            report = read_report(read_browser_error, body)
            self.take_from(key.project_id, key)
            http = request._request
            return record(http, report, project_id=key.project_id, key_id=key.key_id)

    @extend_schema(exclude=True)
    def options(self, request: Request) -> HttpResponse:  # type: ignore[override] # the parent's answers with metadata
        return HttpResponse(status=204, headers=PREFLIGHT)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        for name, value in _cors_headers(request._request).items():
            answer.headers[name] = value
        return answer


def _find_key(http: HttpRequest) -> KnownKey | None:
    """The key of the header, else of the query: a page that closes can send no header."""
    given = [http.headers.get(KEY_HEADER, ""), *query_values(http.META["QUERY_STRING"], "key")]
    text = next(filter(None, given), "")
    try:
        return key_cache.find(text) if is_public_key(text) else None
    except IngestError as error:
        raise NativeRefusal(503, error.detail, retry_after_s=error.retry_after_s) from error


def _cors_headers(http: HttpRequest) -> dict[str, str]:
    """By the project's settings where the request names a key; a preflight seldom does."""
    try:
        key = _find_key(http)
    except NativeRefusal:
        key = None
    origin = http.headers.get("Origin", "") if key else ""
    headers = origin_headers(origin, key.allowed_origins if key else ())
    return {name.decode(): value.decode("latin-1") for name, value in headers}
