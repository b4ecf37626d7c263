"""OTLP's protobuf as JSON. Imported at first use: it takes memory that many sites never need."""

import base64
import binascii
from typing import Any

from google.protobuf.json_format import Error, MessageToDict
from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from ingest.errors import IngestError

_REQUESTS: dict[str, type[Message]] = {
    "traces": ExportTraceServiceRequest,
    "logs": ExportLogsServiceRequest,
}
_IDS = frozenset({"traceId", "spanId", "parentSpanId"})


def protobuf_as_json(signal: str, body: bytes) -> dict[str, Any]:
    """An export request in its JSON form, where ids are hex. Raises IngestError 400."""
    try:
        request = _as_dict(_REQUESTS[signal].FromString(body))
    except (DecodeError, Error, RecursionError, ValueError) as error:
        raise IngestError(400, "The body is not OTLP's protobuf.") from error
    return {name: _with_hex_ids(value) for name, value in request.items()}


def _as_dict(request: Message) -> dict[str, Any]:
    """In OTLP's own JSON enums are numbers."""
    found: dict[str, Any] = MessageToDict(request, use_integers_for_enums=True)
    return found


def _with_hex_ids(value: Any) -> Any:
    """Ids as OTLP's JSON writes them; protobuf's own JSON has base64."""
    if isinstance(value, list):
        return [_with_hex_ids(part) for part in value]
    if isinstance(value, dict):
        return {
            name: _hex(part) if name in _IDS and isinstance(part, str) else _with_hex_ids(part)
            for name, part in value.items()
        }
    return value


def _hex(text: str) -> str:
    try:
        return base64.b64decode(text).hex()
    except binascii.Error:
        return text
