"""Whether a request is taken: who sends it, whether it is within bounds and can be opened.

Pure: keys come from a function, time and randomness as arguments. All shells (ingest.asgi,
ingest.wsgi, ingest.views) stand around this one function and the inbox.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from common.compression import CompressionError, coding_named, decompress
from common.jsonio import JsonError, loads
from common.text import read_id
from ingest.endpoints import OTHERS, Sent
from ingest.errors import IngestError
from ingest.inbox.base import Kind, Message
from ingest.protocol.auth import KnownKey, dsn_parts, header_keys, is_public_key, one_public_key
from ingest.protocol.categories import category_of
from ingest.protocol.cors import is_allowed
from ingest.protocol.envelope import Envelope, EnvelopeError, Item, parse_envelope
from ingest.protocol.event_ids import read_event_id
from ingest.protocol.store import open_store_body

Endpoint = Literal[
    "envelope",
    "store",
    "stored-envelope",
    "security",
    "minidump",
    "attachments",
    "cron",
    "otlp",
    "error-page",
]
FindKey = Callable[[str], KnownKey | None]

ENVELOPE_TYPE = "application/x-sentry-envelope"
_EVENT_TYPES = frozenset({"event", "transaction", "feedback"})


@dataclass(slots=True)
class AcceptRequest:
    """The parts of a request that count; headers are "" when absent, the query is not decoded.

    name, path_key: what some addresses name beside the project (ingest.routes).
    """

    method: str
    endpoint: Endpoint
    project: str
    name: str = ""
    path_key: str = ""
    query: str = ""
    x_sentry_auth: str = ""
    authorization: str = ""
    content_type: str = ""
    content_encoding: str = ""
    origin: str = ""
    user_agent: str = ""
    client_ip: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The largest body as sent, envelope once opened, and event in it, in bytes."""

    body_bytes: int
    envelope_bytes: int
    event_bytes: int


@dataclass(frozen=True, slots=True)
class Admitted:
    """A message that may be taken unless limits say otherwise (ingest.limits).

    envelope: what it holds; that of a store request has one item.
    """

    message: Message
    key: KnownKey
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class _Opened:
    kind: Kind
    coding: str
    body: bytes
    event_id: str
    envelope: Envelope


def admit(
    request: AcceptRequest,
    find_key: FindKey,
    *,
    bounds: Bounds,
    received_ms: int,
    receipt: bytes,
) -> Admitted:
    """Make a message of a request, or refuse it.

    received_ms: unix milliseconds; receipt: 16 random bytes.
    Raises:      IngestError; whatever find_key raises.
    """
    _check_method(request)
    project_id = read_project_id(request.project)
    keys = set(request_keys(request))
    key = _authorise(request, keys, project_id, find_key) if keys else None
    opened = _open(request, bounds, receipt) if keys else _open_without_key(request, bounds)
    dsn = opened.envelope.headers.get("dsn")
    if dsn or key is None:
        keys |= _dsn_keys(dsn, request.project)
        key = _authorise(request, keys, project_id, find_key)
    message = Message(
        receipt=receipt,
        project_id=project_id,
        key_id=key.key_id,
        kind=opened.kind,
        coding=opened.coding,
        event_id=opened.event_id,
        received_ms=received_ms,
        client_ip=request.client_ip,
        body=opened.body,
    )
    return Admitted(message, key, opened.envelope)


def check_keys(request: AcceptRequest, find_key: FindKey) -> bool:
    """Refuse a request by what stands outside its body; whether it names a key there.

    Raises: IngestError; whatever find_key raises.
    """
    _check_method(request)
    project_id = read_project_id(request.project)
    keys = set(request_keys(request))
    if keys:
        _authorise(request, keys, project_id, find_key)
    return bool(keys)


def is_pixel(request: AcceptRequest) -> bool:
    """Whether the request is the oldest way to send: an image's address that holds the event."""
    return request.method == "GET" and request.endpoint == "store"


def methods_of(endpoint: Endpoint) -> tuple[str, ...]:
    """By which an endpoint is sent to."""
    if endpoint in OTHERS:
        return OTHERS[endpoint].methods
    return ("GET", "POST") if endpoint == "store" else ("POST",)


def request_keys(request: AcceptRequest) -> Iterator[str]:
    """Each public key that stands outside the body."""
    yield from header_keys(request.x_sentry_auth, request.authorization)
    if "sentry_key" in request.query:
        yield from query_values(request.query, "sentry_key")
    if request.path_key:
        yield request.path_key


def well_formed_keys(request: AcceptRequest) -> list[str]:
    """Those of them that may be somebody's; only such are ever looked up."""
    return [key for key in request_keys(request) if is_public_key(key)]


def query_values(query: str, name: str) -> list[str]:
    """Every value of that name in a query string, decoded."""
    return [value for key, value in parse_qsl(query, keep_blank_values=True) if key == name]


def read_project_id(text: str) -> int:
    """The project's number in the path. Raises IngestError 400."""
    project_id = read_id(text)
    if project_id is None:
        raise IngestError(400, "The project id in the address is not a number.")
    return project_id


def _check_method(request: AcceptRequest) -> None:
    if request.method != "POST" and request.method not in methods_of(request.endpoint):
        raise IngestError(405, "Send this by POST.")


def _authorise(
    request: AcceptRequest, keys: set[str], project_id: int, find_key: FindKey
) -> KnownKey:
    """The key that all places of the request agree on. Raises IngestError 401 or 403."""
    key = find_key(one_public_key(keys))
    if key is None:
        raise IngestError(403, "The public key is not known here.")
    if key.project_id != project_id:
        raise IngestError(403, "The public key is of another project.")
    if not key.is_active:
        raise IngestError(403, "The public key was revoked, or its project deleted.")
    if request.origin and not is_allowed(request.origin, key.allowed_origins):
        raise IngestError(403, "The project does not take events from this origin.")
    return key


def _dsn_keys(dsn: object, project: str) -> set[str]:
    """The key in an envelope header's DSN. Raises IngestError 401 for another project's DSN."""
    public_key, dsn_project = dsn_parts(dsn)
    if public_key and dsn_project != project:
        raise IngestError(401, "The DSN in the envelope is of another project.")
    return {public_key} - {""}


def _open_without_key(request: AcceptRequest, bounds: Bounds) -> _Opened:
    """Open what may name its key inside; whoever names none learns that before anything else."""
    no_key = "The request names no public key."
    if not _holds_envelope(request):
        raise IngestError(401, no_key)
    try:
        return _open(request, bounds, b"")
    except IngestError as error:
        if error.status != 400:
            raise
        raise IngestError(401, no_key, error.causes) from error


def _open(request: AcceptRequest, bounds: Bounds, receipt: bytes) -> _Opened:
    if len(request.body) > bounds.body_bytes:
        raise IngestError(413, f"The body is larger than {bounds.body_bytes} bytes.")
    try:
        coding = coding_named(request.content_encoding)
        if request.endpoint in OTHERS:
            return _open_envelope(_as_envelope(request, coding, bounds, receipt), "", bounds)
        if _holds_envelope(request):
            return _open_envelope(request.body, coding, bounds)
        if is_pixel(request):
            return _open_store(_pixel_body(request.query), "", bounds, receipt)
        return _open_store(request.body, coding, bounds, receipt)
    except CompressionError as error:
        raise _compression_refusal(error, bounds) from error


def _as_envelope(request: AcceptRequest, coding: str, bounds: Bounds, receipt: bytes) -> bytes:
    """The envelope that a request to one of the other endpoints becomes."""
    sent = Sent(
        method=request.method,
        name=request.name,
        query=dict(reversed(parse_qsl(request.query, keep_blank_values=True))),
        content_type=request.content_type,
        user_agent=request.user_agent,
        body=decompress(request.body, coding, max_bytes=bounds.envelope_bytes),
        made_id=receipt.hex(),
        max_bytes=bounds.envelope_bytes,
        max_event_bytes=bounds.event_bytes,
    )
    return OTHERS[request.endpoint].translate(sent)


def _holds_envelope(request: AcceptRequest) -> bool:
    content_type = request.content_type.strip().lower()
    by_type = request.endpoint == "store" and content_type.startswith(ENVELOPE_TYPE)
    return request.endpoint in {"envelope", "stored-envelope"} or by_type


def _open_envelope(body: bytes, coding: str, bounds: Bounds) -> _Opened:
    try:
        envelope = parse_envelope(decompress(body, coding, max_bytes=bounds.envelope_bytes))
    except EnvelopeError as error:
        raise IngestError(400, "The envelope cannot be read.", (str(error),)) from error
    _check_events(envelope, bounds)
    event_id = envelope.headers.get("event_id")
    if event_id is not None and not read_event_id(event_id):
        raise IngestError(400, "The envelope cannot be read.", ("event_id: not a UUID",))
    return _Opened("envelope", coding, body, read_event_id(event_id), envelope)


def _check_events(envelope: Envelope, bounds: Bounds) -> None:
    for item in envelope.items:
        if len(item.payload) > bounds.event_bytes and item.type in _EVENT_TYPES:
            detail = f"The {item.type} is larger than {bounds.event_bytes} bytes."
            raise IngestError(413, detail, category=category_of(item.type))


def _open_store(body: bytes, coding: str, bounds: Bounds, receipt: bytes) -> _Opened:
    """Open one event's JSON; the only payload that accept reads, for the answer names its id."""
    found = open_store_body(body, coding, max_bytes=bounds.event_bytes)
    try:
        event = loads(found.json)
    except JsonError as error:
        raise IngestError(400, "The event is not JSON.", (str(error),)) from error
    if not isinstance(event, dict):
        raise IngestError(400, "The event is not a JSON object.")
    event_id = read_event_id(event.get("event_id")) or receipt.hex()
    item_type = "transaction" if event.get("type") == "transaction" else "event"
    envelope = Envelope({}, [Item({"type": item_type}, found.json)])
    return _Opened("store", found.coding, found.kept, event_id, envelope)


def _pixel_body(query: str) -> bytes:
    values = query_values(query, "sentry_data")
    if not values:
        raise IngestError(400, "The query holds no sentry_data.")
    return values[0].encode()


def _compression_refusal(error: CompressionError, bounds: Bounds) -> IngestError:
    if error.kind == "unknown":
        detail = "The content encoding is not known; use gzip, deflate, br or zstd."
        return IngestError(415, detail)
    if error.kind == "too_large":
        limits = f"limits: envelope {bounds.envelope_bytes}, event {bounds.event_bytes} bytes"
        return IngestError(413, "The body is too large once opened.", (limits,))
    return IngestError(400, "The body cannot be decompressed.", (str(error),))
