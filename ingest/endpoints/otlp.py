"""OpenTelemetry's protocol over HTTP: traces and logs, kept as they came, as JSON.

Source: OpenTelemetry Protocol 1.x, sections OTLP/HTTP and "JSON Protobuf Encoding".
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from common.jsonio import dumps
from ingest.endpoints.base import Sent, read_json
from ingest.errors import IngestError
from ingest.protocol.envelope import Envelope, Item, write_envelope

PROTOBUF = "application/x-protobuf"
JSON = "application/json"
# By the signal that the path names: the item's type, and the lists within lists of a request.
SIGNALS = {
    "traces": ("otlp_traces", ("resourceSpans", "scopeSpans", "spans")),
    "logs": ("otlp_logs", ("resourceLogs", "scopeLogs", "logRecords")),
}
# What a request may take while it becomes JSON: two bytes can be an object.
_GROWTH = 16
# google.rpc.Code; a text of up to 127 bytes has a length of one byte.
_UNKNOWN = 2
_CODES = {400: 3, 401: 16, 403: 7, 413: 11, 415: 3, 429: 8, 503: 14}
_MAX_STATUS_TEXT = 127


def otlp_envelope(sent: Sent) -> bytes:
    """One export request as one item. Raises IngestError 400, 413, 415."""
    item_type, lists = SIGNALS[sent.name]
    limit = min(sent.max_bytes // _GROWTH, sent.max_event_bytes)
    if len(sent.body) > limit:
        raise IngestError(413, f"The request is larger than {limit} bytes.")
    found = _read(sent)
    if not isinstance(found, dict) or not isinstance(found.get(lists[0], []), list):
        raise IngestError(400, f"The body is no object with {lists[0]}.")
    headers = {"type": item_type, "content_type": JSON, "item_count": _count(found, lists)}
    item = Item(headers, dumps(found))
    return write_envelope(Envelope({}, [item]))


def is_protobuf(content_type: str) -> bool:
    """Whether a request has, and its answer wants, protobuf's binary form."""
    return content_type.partition(";")[0].strip().lower() == PROTOBUF


def protobuf_status(http_status: int, detail: str) -> bytes:
    """A refusal as google.rpc.Status: field 1 the code, field 2 the message."""
    text = detail.encode()[:_MAX_STATUS_TEXT]
    return bytes((0x08, _CODES.get(http_status, _UNKNOWN), 0x12, len(text))) + text


def _count(found: Any, lists: Sequence[str]) -> int:
    """How many spans or records lie in the innermost lists."""
    parts = [found]
    for name in lists:
        inner = [part.get(name) for part in parts if isinstance(part, dict)]
        parts = [each for some in inner if isinstance(some, list) for each in some]
    return len(parts)


def _read(sent: Sent) -> Any:
    if is_protobuf(sent.content_type):
        module = import_module("ingest.endpoints.otlp_protobuf")
        return module.protobuf_as_json(sent.name, sent.body)
    if sent.media_type == JSON:
        return read_json(sent.body)
    raise IngestError(415, f"The content type is neither {PROTOBUF} nor {JSON}.")
