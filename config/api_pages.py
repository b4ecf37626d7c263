"""The API's document and the two pages that show it; all they load comes from this site."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from config.api_document import api_document

# Redoc puts the sheet of its scroll bars into the page before anybody can tell it the nonce: first
# an empty one, then this text.
REDOC_SHEETS = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    " 'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"
)


def _etag(request: HttpRequest) -> str:
    return f'"{salted_hmac("api", api_document()).hexdigest()}"'


@require_safe
@cache_control(no_cache=True)
@condition(etag_func=_etag)
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document. Open to all: it says nothing of anybody's data."""
    return HttpResponse(api_document(), content_type="application/json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI: the document, with forms to try it."""
    return render(request, "api/docs.html", {"section": "api"})


@require_safe
def redoc(request: HttpRequest) -> HttpResponse:
    """Redoc: the document, to read.

    It makes its style sheet in the browser, which the policy allows to what knows this answer's
    nonce alone; its search runs in a worker of its own making.
    """
    nonce = secrets.token_urlsafe(16)
    response = render(request, "api/redoc.html", {"section": "api", "nonce": nonce})
    response.headers["Content-Security-Policy"] = (
        f"{settings.CONTENT_SECURITY_POLICY}; worker-src blob:;"
        f" style-src 'self' 'nonce-{nonce}' {REDOC_SHEETS}"
    )
    return response
