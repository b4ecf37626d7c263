"""What browsers send to the relay, with a DSN's public key and from any origin that it allows."""

from typing import Any

from django.http import HttpRequest
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
from ingest.native.sending import PageSendingView
from ingest.protocol.auth import KnownKey, is_public_key
from projects.native_auth import INVALID
from projects.native_limits import browser_limit
from projects.native_view import NativeRefusal, check_limit

KEY_HEADER = "X-Monlight-Key"


class BrowserErrorsView(PageSendingView):
    """Errors of pages."""

    authentication_classes: Any = ()
    allowed_headers = f"{KEY_HEADER}, Content-Type"

    @extend_schema(**schema.BROWSER_REPORT)
    def post(self, request: Request) -> Response:
        key = _find_key(request._request)
        if key is None or not key.is_active:
            raise NativeRefusal(401, INVALID)
        self.know(key)
        limit = browser_limit()
        check_limit(f"key:{key.key_id}", "browser", limit.requests)
        with receiving(request._request, limit.body_bytes) as body:
            report = read_report(read_browser_error, body)
            self.take_by(key)
            http = request._request
            return record(http, report, project_id=key.project_id, key_id=key.key_id)


def _find_key(http: HttpRequest) -> KnownKey | None:
    """The key of the header, else of the query: a page that closes can send no header."""
    given = [http.headers.get(KEY_HEADER, ""), *query_values(http.META["QUERY_STRING"], "key")]
    text = next(filter(None, given), "")
    try:
        return key_cache.find(text) if is_public_key(text) else None
    except IngestError as error:
        raise NativeRefusal(503, error.detail, retry_after_s=error.retry_after_s) from error
