"""Whatever comes to an endpoint: taken or refused in its words, never a fault, within bounds."""

import json
import tracemalloc
from typing import Any

import msgpack
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from errors.native_crashes import describe_crash
from errors.security_reports import is_noise, make_event, read_report
from ingest.accept import AcceptRequest, Bounds, Endpoint, admit
from ingest.digest.reports import read_reports
from ingest.endpoints.crashpad import read_breadcrumbs, read_event
from ingest.errors import IngestError
from ingest.protocol.auth import KnownKey
from ingest.protocol.envelope import Envelope, Item
from ingest.protocol.open import open_message
from ingest.tests.forms import BOUNDARY, FORM, form_of, make_minidump

KEY = "a" * 32
KNOWN = KnownKey(key_id=3, project_id=7, allowed_origins=("*",), is_active=True)
BOUNDS = Bounds(200_000, 200_000, 50_000)
DUMP = ("upload_file_minidump", "crash.dmp", make_minidump())
REFUSALS = {400, 401, 403, 405, 413, 415}

texts = st.text(max_size=30) | st.sampled_from(["\0", "\ud800", "ok", "a" * 600, "-", "%00", "é"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
REPORT_KEYS = (
    "type body age url user_agent csp-report expect-ct-report expect-staple-report known-pins "
    "effective-directive effectiveDirective violated-directive blocked-uri blockedURL document-uri "
    "documentURL source-file disposition hostname message id status_code phase"
)
report_keys = st.sampled_from(REPORT_KEYS.split())
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(report_keys | texts, inner, max_size=5)
    ),
    max_leaves=20,
)
parts = st.tuples(
    st.sampled_from(["upload_file_minidump", "sentry", "sentry__1", "sentry[a][b]", "x"]) | texts,
    st.none() | texts,
    st.binary(max_size=60) | st.just(make_minidump()) | st.just(b'{"tags": 3}'),
)


def take(endpoint: Endpoint, body: bytes, **fields: Any) -> Envelope | None:
    """The envelope that a request becomes, None when it is refused; anything else is a fault."""
    request = AcceptRequest(
        method="POST", endpoint=endpoint, project="7", path_key=KEY, body=body, **fields
    )
    try:
        admitted = admit(
            request, lambda key: KNOWN, bounds=BOUNDS, received_ms=0, receipt=bytes(16)
        )
    except IngestError as error:
        assert error.status in REFUSALS
        return None
    envelope = open_message(admitted.message, max_bytes=BOUNDS.envelope_bytes)
    assert envelope == admitted.envelope
    return envelope


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


@given(st.binary(max_size=200) | values.map(as_json), st.sampled_from(["", "reports+", "csp-"]))
def test_any_body_at_security_is_reports_or_refused(body: bytes, kind: str) -> None:
    content_type = {"csp-": "application/csp-report"}.get(kind, f"application/{kind}json")
    envelope = take("security", body, content_type=content_type, query=f"sentry_release={kind}")
    if envelope:
        assert {item.type for item in envelope.items} <= {"raw_security", "nel"}


@given(values)
@example({"csp-report": {"effective-directive": "a", "blocked-uri": "http://["}})
def test_any_report_is_an_event_noise_or_neither(found: object) -> None:
    report = read_report(found)
    if report:
        event = make_event(report, {}, received_at=1.0)
        assert event["fingerprint"][0]
        assert 0 < len(event["logentry"]["formatted"]) < 2000
    assert is_noise(found) in (True, False)


@given(st.lists(st.tuples(st.sampled_from(["nel", "raw_security", "event", "x"]), values)))
def test_any_items_give_one_event_at_most(found: list[tuple[str, object]]) -> None:
    items = [Item({"type": kind}, as_json(value)) for kind, value in found]
    events = [item for item in items if item.type == "event"]

    result = read_reports(Envelope({}, items), received_at=1.0)

    after = [item for item in result.envelope.items if item.type == "event"]
    assert len(after) <= max(1, len(events))
    assert len(result.envelope.items) + len(result.noise) == len(items)


@given(st.lists(parts, max_size=6), st.integers(0, 100))
@settings(max_examples=60)
def test_any_form_is_files_or_refused(given_parts: list[Any], cut: int) -> None:
    clean = [
        (name.encode("utf-8", "replace").decode(), filename, content)
        for name, filename, content in given_parts
    ]
    body = b"".join(
        form_of((name, filename and filename.encode("utf-8", "replace").decode(), content))
        for name, filename, content in clean
    )
    for endpoint, name in (("minidump", ""), ("attachments", "b" * 32)):
        for sent in (body, body[:-cut]):
            fields: dict[str, Any] = {"name": name, "content_type": FORM["Content-Type"]}
            envelope = take(endpoint, sent, **fields)  # type: ignore[arg-type]  # a Literal
            if envelope:
                files = [item for item in envelope.items if item.type == "attachment"]
                assert 0 < len(files) <= 30
                assert not any("/" in file.headers["filename"] for file in files)


@given(st.binary(max_size=300))
def test_any_bytes_at_minidump_and_otlp_are_refused_or_taken(body: bytes) -> None:
    take("minidump", body, content_type=f'multipart/form-data; boundary="{BOUNDARY}"')
    take("minidump", b"MDMP" + body, content_type="application/x-dmp")
    for name in ("traces", "logs"):
        take("otlp", body, name=name, content_type="application/x-protobuf")
        take("otlp", body, name=name, content_type="application/json")


@given(st.data())
def test_a_damaged_dump_is_read_as_far_as_it_goes(data: st.DataObject) -> None:
    dump = bytearray(make_minidump())
    for _ in range(data.draw(st.integers(1, 8))):
        dump[data.draw(st.integers(4, len(dump) - 1))] = data.draw(st.integers(0, 255))
    exception = describe_crash({}, bytes(dump))["exception"]["values"][0]
    assert len(exception["value"]) < 300


@given(st.lists(values.map(as_json) | st.binary(max_size=20), max_size=4).map(b"".join))
@example(b"\xdd\x00\x0f\xff\xff" * 5000)
@example(b"\x81\xa1a" * 5000)
@example(b"\x81\xa1a" * 600 + b"\x01")
@example(b"\x81\xa1a" + b"\x91" * 600 + b"\x01")
@example(b"\x81\xa1a\x91" * 400 + b"\x01")
@example(b"\x81\x90\x01")
@example(b"\x81\x80\x01")
@example(msgpack.packb({"a": [1.5, b"x", {7: None}]}) * 3)
def test_any_scope_of_the_native_sdk_is_read_as_far_as_it_goes(content: bytes) -> None:
    event, crumbs = read_event(content), read_breadcrumbs(content)
    json.dumps([event, crumbs])
    assert len(crumbs) <= 200


@given(texts, st.dictionaries(st.sampled_from(["status", "duration", "check_in_id"]), scalars))
def test_any_check_in_is_taken_or_refused(slug: str, fields: dict[str, Any]) -> None:
    envelope = take("cron", as_json(fields), name=slug, content_type="application/json")
    if envelope:
        assert json.loads(bytes(envelope.items[0].payload))["status"] in (
            "ok",
            "error",
            "in_progress",
        )


@given(st.binary(max_size=200) | st.dictionaries(texts, texts, max_size=4).map(as_json))
def test_any_report_of_a_person_is_taken_or_refused(body: bytes) -> None:
    for content_type in ("application/x-www-form-urlencoded", "application/json", ""):
        take("error-page", body, name="b" * 32, content_type=content_type)


@pytest.mark.parametrize(
    ("endpoint", "content_type", "body"),
    [
        ("security", "application/reports+json", b"[" + b"{}," * 60_000 + b"{}]"),
        ("otlp", "application/json", b'{"resourceSpans":[' + b"[]," * 4000 + b"[]]}"),
        ("otlp", "application/x-protobuf", b"\n\x00" * 6000),
        ("minidump", FORM["Content-Type"], form_of(("sentry", None, b"[" + b"{}," * 60_000), DUMP)),
        ("minidump", FORM["Content-Type"], f"--{BOUNDARY}\r\n".encode() * 6000),
        ("minidump", FORM["Content-Type"], form_of(*[("x", None, b"")] * 1500)),
        ("attachments", FORM["Content-Type"], f"--{BOUNDARY}\r\n".encode() + b"a:" * 99_000),
        ("cron", "application/json", b'{"a":' * 30_000),
        ("error-page", "", b"a=b&" * 50_000),
    ],
)
def test_a_hostile_body_takes_little_more_memory_than_its_bounds(
    endpoint: Endpoint, content_type: str, body: bytes
) -> None:
    tracemalloc.start()
    name = "traces" if endpoint == "otlp" else "b" * 32
    take(endpoint, body[:200_000], name=name, content_type=content_type)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * len(body) + 4_000_000
