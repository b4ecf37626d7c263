"""What clients are told: an id, a pixel, or a refusal, always with the CORS headers."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.jsonio import dumps
from ingest.accept import AcceptRequest, well_formed_keys
from ingest.errors import IngestError
from ingest.inbox.base import Message
from ingest.keys import KeyNotCached, key_cache
from ingest.protocol.cors import PREFLIGHT, Header, origin_headers

# The smallest GIF: one transparent point.
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
_JSON = (b"content-type", b"application/json")
_GIF = (b"content-type", b"image/gif")
_METHODS = {"envelope": b"POST, OPTIONS", "store": b"GET, POST, OPTIONS"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; header names are in lower case, Content-Length is left to the shell."""

    status: int
    headers: Sequence[Header]
    body: bytes


def accepted(request: AcceptRequest, message: Message) -> Answer:
    """The message is on disk."""
    cors = cors_headers(request)
    if request.method == "GET":
        return Answer(200, (_GIF, (b"cache-control", b"no-store"), *cors), PIXEL)
    body = b'{"id":"%s"}' % message.event_id.encode() if message.event_id else b"{}"
    return Answer(200, (_JSON, *cors), body)


def refused(request: AcceptRequest, error: IngestError) -> Answer:
    """The request was not taken; the body says why."""
    headers = [_JSON, (b"x-sentry-error", error.detail.encode("latin-1", "replace"))]
    if error.retry_after_s:
        headers.append((b"retry-after", b"%d" % error.retry_after_s))
    if error.status == 405:
        headers.append((b"allow", _METHODS[request.endpoint]))
    body = dumps({"detail": error.detail, "causes": list(error.causes)})
    return Answer(error.status, (*headers, *cors_headers(request)), body)


def preflight(request: AcceptRequest) -> Answer:
    """A browser asks what it may send."""
    methods = (b"access-control-allow-methods", _METHODS[request.endpoint])
    return Answer(200, (methods, *PREFLIGHT, *cors_headers(request)), b"")


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
