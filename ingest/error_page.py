"""The crash-report dialog: GET gives the script that shows it, POST takes what a person wrote."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from ingest.accept import AcceptRequest, check_keys
from ingest.answers import Answer, cors_headers
from ingest.endpoints.crash_dialog import dialog_address, dialog_script
from ingest.keys import key_cache
from ingest.schema import CRASH_DIALOG, USER_REPORT, documented
from ingest.views import AcceptView

_HEADERS = (
    (b"content-type", b"text/javascript; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # A page that isolates itself may load it, too.
    (b"cross-origin-resource-policy", b"cross-origin"),
)


@documented(get=CRASH_DIALOG, post=USER_REPORT)
class ErrorPageView(AcceptView):
    """The crash-report dialog of an event; the query names dsn and eventId."""

    endpoint = "error-page"

    def get(self, request: Request, **address: str | None) -> HttpResponse:
        return self._answer(_show, request._request, address)

    def address_of(self, http: HttpRequest, groups: dict[str, str | None]) -> dict[str, str | None]:
        return dialog_address(http.GET)


def _show(http: HttpRequest, request: AcceptRequest) -> Answer:
    """Raises IngestError: without a key that may send there is no dialog."""
    check_keys(request, key_cache.find)
    script = dialog_script(_source(), http.GET.dict())
    return Answer(200, (*_HEADERS, *cors_headers(request)), script)


@cache
def _source() -> str:
    return str((settings.STATICFILES_DIRS[0] / "js" / "crash_dialog.js").read_text("utf-8"))
