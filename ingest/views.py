"""The documented shell: what SDKs send to as DRF views, around the same two calls."""

import os
import time
from collections.abc import Callable, Iterator
from typing import ClassVar

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.negotiation import OneForAll
from ingest.accept import AcceptRequest, Endpoint, admit, check_keys, well_formed_keys
from ingest.answers import Answer, accepted, preflight, refused
from ingest.errors import IngestError
from ingest.http import client_of, view_intake
from ingest.inbox import append_and_wait
from ingest.keys import key_cache
from ingest.limits import check_address, pass_limits
from ingest.refusals import note_refusal
from ingest.routes import route_of
from ingest.schema import (
    ATTACHMENTS,
    CHECK_IN,
    CHECK_IN_BY_ADDRESS,
    ENVELOPE,
    MINIDUMP,
    OTLP,
    SECURITY,
    STORE,
    STORE_BY_ADDRESS,
    STORED_ENVELOPE,
    NamedByAddress,
    documented,
)

READ_BYTES = 64 * 1024


class AcceptView(APIView):
    """Take what SDKs send to one endpoint: authenticate, bound, append, wake, answer.

    The public key in the request is the authentication; waking is the inbox's.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)
    content_negotiation_class = OneForAll
    endpoint: ClassVar[Endpoint]
    schema = NamedByAddress()
    # As SDKs spell their addresses; without the slash they are taken, too.
    ends_in_slash = True
    # Its addresses in the API's document, where the expression of the address says several.
    documented_as: ClassVar[tuple[str, ...]] = ()

    def post(self, request: Request, **address: str | None) -> HttpResponse:
        return self._answer(_take, request._request, address)

    @property
    def default_response_headers(self) -> dict[str, str]:
        """None: the answers name the methods themselves where it matters."""
        return {}

    # admit refuses other methods, in the same words for every shell.
    get = head = put = patch = delete = post

    def options(self, request: Request, **address: str | None) -> HttpResponse:  # type: ignore[override] # the parent's answers with metadata
        return self._answer(_preflight, request._request, address)

    def address_of(self, http: HttpRequest, groups: dict[str, str | None]) -> dict[str, str | None]:
        """What the address names, by the names of ingest.routes."""
        return groups

    def _answer(
        self,
        answer: Callable[[HttpRequest, AcceptRequest], Answer],
        http: HttpRequest,
        address: dict[str, str | None],
    ) -> HttpResponse:
        request = _request_parts(http, self.endpoint, self.address_of(http, address))
        try:
            return _response(answer(http, request))
        except IngestError as error:
            note_refusal(request, error, http.headers.get("X-Request-ID", ""))
            return _response(refused(request, error))


@documented(post=ENVELOPE)
class EnvelopeView(AcceptView):
    """One Sentry envelope."""

    endpoint = "envelope"


@documented(post=STORED_ENVELOPE)
class StoredEnvelopeView(AcceptView):
    """One Sentry envelope, as one of the replaced systems answers it."""

    endpoint = "stored-envelope"


@documented(post=STORE, get=STORE_BY_ADDRESS)
class StoreView(AcceptView):
    """One event as JSON, as old SDKs send it."""

    endpoint = "store"


@documented(post=SECURITY)
class SecurityView(AcceptView):
    """What a browser reports: a violated policy, a failed request, an unexpected certificate."""

    endpoint = "security"
    documented_as = ("/api/{project}/security/", "/api/{project}/csp-report/")


@documented(post=MINIDUMP)
class MinidumpView(AcceptView):
    """A native crash: a form with the memory dump as `upload_file_minidump`."""

    endpoint = "minidump"


@documented(post=ATTACHMENTS)
class AttachmentsView(AcceptView):
    """Files of an event that was sent before: a form of several parts."""

    endpoint = "attachments"


@documented(post=CHECK_IN, get=CHECK_IN_BY_ADDRESS)
class CheckInView(AcceptView):
    """A job says how it goes, by the query alone or by a JSON body."""

    endpoint = "cron"
    documented_as = ("/api/{project}/cron/{monitor}/", "/api/{project}/cron/{monitor}/{path_key}/")


@documented(post=OTLP)
class OtlpView(AcceptView):
    """Traces or logs by OpenTelemetry's protocol, as protobuf or JSON."""

    endpoint = "otlp"
    documented_as = tuple(
        f"/api/{{project}}/integration/otlp/v1/{signal}/" for signal in ("traces", "logs")
    )


def _take(http: HttpRequest, request: AcceptRequest) -> Answer:
    check_address(request)
    with view_intake().receiving(http.headers.get("Content-Length", "")) as body:
        if not check_keys(request, key_cache.find):
            body.move_to(view_intake().keyless)
        for chunk in _chunks(http):
            body.add(chunk)
        request.body = body.joined()
        admitted = admit(
            request,
            key_cache.find,
            bounds=view_intake().bounds,
            received_ms=time.time_ns() // 1_000_000,
            receipt=os.urandom(16),
        )
        passed = pass_limits(admitted)
        return accepted(request, passed, append_and_wait(passed.message))


def _preflight(http: HttpRequest, request: AcceptRequest) -> Answer:
    for public_key in well_formed_keys(request):
        key_cache.find(public_key)
    return preflight(request)


def _chunks(http: HttpRequest) -> Iterator[bytes]:
    """The body, piece by piece; one without a length too, where the server marks its end."""
    source = http.META["wsgi.input"] if http.META.get("wsgi.input_terminated") else http
    try:
        while chunk := source.read(READ_BYTES):
            yield chunk
    except RequestDataTooBig as error:
        raise IngestError(413, "The body is too large for this address.") from error
    except OSError as error:
        raise IngestError(400, "The body ended too early.") from error


def _request_parts(
    http: HttpRequest, endpoint: Endpoint, address: dict[str, str | None]
) -> AcceptRequest:
    headers = http.headers
    route = route_of(endpoint, address)
    return AcceptRequest(
        method=http.method or "",
        endpoint=endpoint,
        project=route.project,
        name=route.name,
        path_key=route.path_key,
        query=http.META.get("QUERY_STRING", ""),
        x_sentry_auth=headers.get("X-Sentry-Auth", ""),
        authorization=headers.get("Authorization", ""),
        content_type=headers.get("Content-Type", ""),
        content_encoding=headers.get("Content-Encoding", ""),
        origin=headers.get("Origin", ""),
        user_agent=headers.get("User-Agent", ""),
        client_ip=client_of(http),
    )


def _response(answer: Answer) -> HttpResponse:
    headers = {name.decode(): value.decode("latin-1") for name, value in answer.headers}
    return HttpResponse(answer.body, status=answer.status, headers=headers)
