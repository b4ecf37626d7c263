"""The reference's OTLP endpoints: protobuf and JSON, each answered in its own form."""

import gzip
import json

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.logs.v1.logs_pb2 import (
    SEVERITY_NUMBER_WARN,
    LogRecord,
    ResourceLogs,
    ScopeLogs,
)
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from ingest.protocol.categories import quantities
from ingest.protocol.open import open_message
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.inboxes import MEBIBYTE
from ingest.tests.sending import JsonObject, Send

TRACES = "/api/7/integration/otlp/v1/traces"
LOGS = "/api/7/integration/otlp/v1/logs"
TRACE_ID, SPAN_ID = "5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174"
PROTOBUF = {"Content-Type": "application/x-protobuf"}
JSON = {"Content-Type": "application/json"}


def traces() -> bytes:
    span = Span(trace_id=bytes.fromhex(TRACE_ID), span_id=bytes.fromhex(SPAN_ID), name="pay")
    scope = ScopeSpans(spans=[span])
    request = ExportTraceServiceRequest(resource_spans=[ResourceSpans(scope_spans=[scope])])
    return bytes(request.SerializeToString())


def logs() -> bytes:
    record = LogRecord(trace_id=bytes.fromhex(TRACE_ID), severity_number=SEVERITY_NUMBER_WARN)
    scope = ScopeLogs(log_records=[record])
    request = ExportLogsServiceRequest(resource_logs=[ResourceLogs(scope_logs=[scope])])
    return bytes(request.SerializeToString())


def test_statistics_learn_how_many_spans_came(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    scopes = [{"spans": [{}, {}]}, {"spans": [{}]}, {"spans": 7}, 7, {}]
    request = {"resourceSpans": [{"scopeSpans": scopes}, {"scopeSpans": None}]}

    send(TRACES, json.dumps(request).encode(), {**shop.auth, **JSON})

    (message,) = inbox.messages()
    (item,) = open_message(message, max_bytes=MEBIBYTE).items
    assert item.headers["item_count"] == 3
    assert quantities((item,)) == {"span": 3}


def kept(inbox: ReadableInbox) -> list[tuple[str, JsonObject]]:
    """Type and payload of each item in the inbox."""
    envelopes = [open_message(one, max_bytes=MEBIBYTE) for one in inbox.messages()]
    return [
        (item.type, json.loads(bytes(item.payload)))
        for envelope in envelopes
        for item in envelope.items
    ]


@pytest.mark.parametrize("slash", ["", "/"])
def test_traces_as_protobuf_are_taken_with_their_ids_in_hex(
    send: Send, shop: Shop, inbox: ReadableInbox, slash: str
) -> None:
    answer = send(TRACES + slash, traces(), {**shop.auth, **PROTOBUF})

    assert (answer.status, answer.headers["content-type"]) == (200, "application/x-protobuf")
    assert ExportTraceServiceResponse.FromString(answer.body) == ExportTraceServiceResponse()
    ((kind, request),) = kept(inbox)
    span = request["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    assert (kind, span) == (
        "otlp_traces",
        {"traceId": TRACE_ID, "spanId": SPAN_ID, "name": "pay"},
    )


def test_logs_as_protobuf_are_taken(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    headers = {**shop.auth, **PROTOBUF, "Content-Encoding": "gzip"}

    assert send(LOGS, gzip.compress(logs()), headers).status == 200
    ((kind, request),) = kept(inbox)
    record = request["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]
    assert (kind, record) == ("otlp_logs", {"traceId": TRACE_ID, "severityNumber": 13})


def test_json_is_kept_as_it_came_and_answered_in_json(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    request = {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": TRACE_ID}]}]}]}

    answer = send(TRACES, json.dumps(request).encode(), {**shop.auth, **JSON})

    assert (answer.status, answer.json) == (200, {})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert kept(inbox) == [("otlp_traces", request)]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"\xff\xff\xff", PROTOBUF, 400),
        (b"[]", JSON, 400),
        (b"{", JSON, 400),
        (b'{"resourceSpans": 7}', JSON, 400),
        (traces(), {"Content-Type": "text/plain"}, 415),
        (traces(), {}, 415),
    ],
)
def test_what_is_no_export_is_refused(
    send: Send, shop: Shop, inbox: ReadableInbox, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert send(TRACES, body, {**shop.auth, **headers}).status == status
    assert inbox.depth() == 0


def test_an_exporter_reads_a_refusal_as_a_status_in_its_own_form(send: Send, shop: Shop) -> None:
    answer = send(TRACES, traces(), PROTOBUF)

    assert (answer.status, answer.headers["content-type"]) == (401, "application/x-protobuf")
    code, message = answer.body[1], answer.body[4:].decode()
    assert (code, message) == (16, "The request names no public key.")
    assert send(TRACES, b"{}", JSON).json["detail"] == "The request names no public key."


def test_an_export_over_the_limit_is_413(send: Send, shop: Shop) -> None:
    body = b'{"resourceSpans": [], "x": "%s"}' % (b"x" * 3 * MEBIBYTE)
    assert send(TRACES, body, {**shop.auth, **JSON}).status == 413
    packed = {**shop.auth, **JSON, "Content-Encoding": "gzip"}
    assert send(TRACES, gzip.compress(body), packed).status == 413
    fits = b'{"resourceSpans": [], "x": "%s"}' % (b"x" * (MEBIBYTE - 100))
    assert send(TRACES, gzip.compress(fits), packed).status == 200


def test_other_signals_have_no_address(send: Send, shop: Shop) -> None:
    answer = send("/api/7/integration/otlp/v1/metrics", b"{}", {**shop.auth, **JSON})
    assert answer.status in (404, 418)
