"""What clients are told: an id, a pixel, or a refusal, always with the CORS headers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from common.jsonio import dumps
from ingest.accept import AcceptRequest, methods_of, well_formed_keys
from ingest.endpoints.otlp import is_protobuf, protobuf_status
from ingest.errors import IngestError
from ingest.inbox.base import Message
from ingest.keys import KeyNotCached, key_cache
from ingest.limits import Passed, rate_limits_header
from ingest.protocol.cors import PREFLIGHT, Header, origin_headers

# The smallest GIF: one transparent point.
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
RATE_LIMITS = b"x-sentry-rate-limits"
_JSON = (b"content-type", b"application/json")
_GIF = (b"content-type", b"image/gif")
_TEXT = (b"content-type", b"text/plain; charset=utf-8")
_PROTOBUF = (b"content-type", b"application/x-protobuf")
STORED, NO_ENVELOPE = "Envelope stored successfully", b'{"detail":"Invalid envelope format"}'
_NOT_STORED = (b"cache-control", b"no-store")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; header names are in lower case, Content-Length is left to the shell."""

    status: int
    headers: Sequence[Header]
    body: bytes


def accepted(request: AcceptRequest, passed: Passed, row_id: int) -> Answer:
    """The message is on disk, by this row id; what of the request was limited, a header tells."""
    message, cors = passed.message, cors_headers(request)
    if passed.full:
        cors = (*cors, (RATE_LIMITS, rate_limits_header(passed.full).encode()))
    if own := _OWN_ANSWERS.get(request.endpoint):
        status, headers, body = own(request, message, row_id)
        return Answer(status, (*headers, *cors), body)
    if request.method == "GET":
        return Answer(200, (_GIF, _NOT_STORED, *cors), PIXEL)
    body = b'{"id":"%s"}' % message.event_id.encode() if message.event_id else b"{}"
    return Answer(200, (_JSON, *cors), body)


def refused(request: AcceptRequest, error: IngestError) -> Answer:
    """The request was not taken; the body says why."""
    headers = [_JSON, (b"x-sentry-error", error.detail.encode("latin-1", "replace"))]
    if error.retry_after_s:
        headers.append((b"retry-after", b"%d" % error.retry_after_s))
    if error.rate_limits:
        headers.append((RATE_LIMITS, error.rate_limits.encode()))
    if error.status == 405:
        headers.append((b"allow", _methods(request)))
    body = dumps({"detail": error.detail, "causes": list(error.causes)})
    if request.endpoint == "otlp" and is_protobuf(request.content_type):
        headers[0], body = _PROTOBUF, protobuf_status(error.status, error.detail)
    if request.endpoint == "stored-envelope" and error.status == 400:
        body = NO_ENVELOPE
    return Answer(error.status, (*headers, *cors_headers(request)), body)


def preflight(request: AcceptRequest) -> Answer:
    """A browser asks what it may send."""
    methods = (b"access-control-allow-methods", _methods(request))
    return Answer(200, (methods, *PREFLIGHT, *cors_headers(request)), b"")


def _methods(request: AcceptRequest) -> bytes:
    return ", ".join((*methods_of(request.endpoint), "OPTIONS")).encode()


_Own = tuple[int, Sequence[Header], bytes]


def _crash_taken(request: AcceptRequest, message: Message, row_id: int) -> _Own:
    """Crash reporters show the id to people, with its dashes."""
    return 200, (_TEXT,), str(UUID(message.event_id)).encode()


def _check_in_taken(request: AcceptRequest, message: Message, row_id: int) -> _Own:
    return 202, (_JSON, _NOT_STORED), b"{}"


def _export_taken(request: AcceptRequest, message: Message, row_id: int) -> _Own:
    """An empty answer of OTLP says that all of it was taken."""
    if is_protobuf(request.content_type):
        return 200, (_PROTOBUF,), b""
    return 200, (_JSON,), b"{}"


def _envelope_stored(request: AcceptRequest, message: Message, row_id: int) -> _Own:
    """By the ids that the list of stored envelopes has; an envelope may be of no event."""
    told = {"message": STORED, "envelope_id": row_id, "id": message.event_id or None}
    return 200, (_JSON,), dumps(told)


_OWN_ANSWERS: Mapping[str, Callable[[AcceptRequest, Message, int], _Own]] = {
    "stored-envelope": _envelope_stored,
    "minidump": _crash_taken,
    "cron": _check_in_taken,
    "otlp": _export_taken,
}


def cors_headers(request: AcceptRequest) -> Sequence[Header]:
    """The origin's headers, by the project's settings where the request's key is remembered."""
    if not request.origin:
        return origin_headers("", ())
    for public_key in well_formed_keys(request):
        try:
            key = key_cache.peek(public_key)
        except KeyNotCached:
            continue
        if key is not None:
            return origin_headers(request.origin, key.allowed_origins)
    return origin_headers("", ())
