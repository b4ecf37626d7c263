"""Framing: what was written is read back, and nothing but EnvelopeError is ever raised."""

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from ingest.protocol.envelope import Envelope, EnvelopeError, parse_envelope
from ingest.protocol.event_ids import read_event_id
from ingest.tests.sending import Item, JsonObject, envelope_of

JSON_VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
HEADERS = st.dictionaries(
    st.text().filter(lambda name: name not in {"type", "length"}), JSON_VALUES, max_size=4
)
TYPES = st.sampled_from(["event", "attachment", "log", "tomorrow's"])
MEASURED_ITEMS = st.builds(
    lambda headers, kind, payload: ({**headers, "type": kind, "length": len(payload)}, payload),
    HEADERS,
    TYPES,
    st.binary(max_size=200),
)
PLAIN_ITEMS = st.builds(
    lambda headers, kind, payload: ({**headers, "type": kind}, payload),
    HEADERS,
    TYPES,
    st.binary(max_size=200).map(lambda payload: payload.replace(b"\n", b" ")),
)
ITEMS = st.lists(MEASURED_ITEMS | PLAIN_ITEMS, max_size=5)


def parts_of(envelope: Envelope) -> tuple[JsonObject, list[Item]]:
    items = [(item.headers, bytes(item.payload)) for item in envelope.items]
    return envelope.headers, items


@given(HEADERS, ITEMS)
def test_what_is_written_is_read(headers: JsonObject, items: list[Item]) -> None:
    assert parts_of(parse_envelope(envelope_of(headers, *items))) == (headers, items)


@given(HEADERS, ITEMS)
def test_the_last_newline_may_be_missing(headers: JsonObject, items: list[Item]) -> None:
    body = envelope_of(headers, *items).removesuffix(b"\n")

    assert parts_of(parse_envelope(body)) == (headers, items)


@given(HEADERS, st.lists(MEASURED_ITEMS, min_size=1, max_size=3), st.data())
def test_a_cut_is_noticed_wherever_a_length_is_known(
    headers: JsonObject, items: list[Item], data: st.DataObject
) -> None:
    """A cut between two items is an envelope of fewer; any other is an error."""
    body = envelope_of(headers, *items)
    size = data.draw(st.integers(0, len(body) - 1))

    try:
        cut_headers, cut_items = parts_of(parse_envelope(body[:size]))
    except EnvelopeError as error:
        assert 0 <= error.offset <= size
    else:
        assert cut_headers == headers
        assert cut_items == items[: len(cut_items)]


@given(st.binary(max_size=300))
def test_noise_raises_nothing_else(body: bytes) -> None:
    with suppress(EnvelopeError):
        parse_envelope(body)


@given(HEADERS, ITEMS, st.data())
def test_damage_raises_nothing_else(
    headers: JsonObject, items: list[Item], data: st.DataObject
) -> None:
    body = bytearray(envelope_of(headers, *items))
    for _ in range(data.draw(st.integers(1, 5))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    with suppress(EnvelopeError):
        parse_envelope(bytes(body))


def test_payloads_are_views_into_the_body() -> None:
    body = envelope_of({}, ({"type": "attachment", "length": 3}, b"abc"))

    payload = parse_envelope(body).items[0].payload

    assert isinstance(payload, memoryview)
    assert payload.obj is body


def test_unknown_header_attributes_are_kept() -> None:
    body = envelope_of({"tomorrow": {"a": [1]}}, ({"type": "x", "also": True}, b""))

    envelope = parse_envelope(body)

    assert envelope.headers == {"tomorrow": {"a": [1]}}
    assert envelope.items[0].headers == {"type": "x", "also": True}
    assert envelope.items[0].type == "x"


@given(st.uuids())
def test_event_ids_are_read_in_each_form(uuid: object) -> None:
    dashed = str(uuid)
    plain = dashed.replace("-", "")

    assert {read_event_id(text) for text in (dashed, plain, dashed.upper())} == {plain}


@given(st.none() | st.integers() | st.text() | st.lists(st.text()))
def test_anything_else_is_no_event_id(value: object) -> None:
    assert read_event_id(value) == ""
    assert read_event_id(json.dumps(value) + "-") == ""
