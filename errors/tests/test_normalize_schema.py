"""What the parser checks and what is looked at afterwards come to the same event."""

from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from benchmarks.events import make_event
from common import jsonio
from errors.normalize import ALIASES, EVENT_FIELDS, normalize_event
from errors.normalize.breadcrumbs import CRUMB_FIELDS
from errors.normalize.exceptions import EXCEPTION_FIELDS, THREAD_FIELDS
from errors.normalize.parse import ParsedEvent, parse_event
from errors.normalize.schema import (
    CRUMB_TYPES,
    EVENT_TYPES,
    EXCEPTION_TYPES,
    FRAME_TYPES,
    THREAD_TYPES,
)
from errors.normalize.stacktraces import FRAME_FIELDS
from errors.tests.test_normalize_property import events

NOW = 1_790_000_000.0


def normalize(parsed: ParsedEvent) -> tuple[dict[str, Any], list[Any]]:
    normalized = normalize_event(
        parsed.raw,
        event_id="a" * 32,
        received_at=NOW,
        sent_at=NOW - 500,
        client_ip=None,
        raw_text=parsed.text,
        is_checked=parsed.is_checked,
    )
    return normalized.event, normalized.problems


def event_with(*, frame: dict[str, Any] | None = None, crumb: Any = None) -> dict[str, Any]:
    """A realistic event whose newest frame and breadcrumb have these fields too."""
    event = make_event(1, 1, at=NOW)
    event["exception"]["values"][0]["stacktrace"]["frames"][-1].update(frame or {})
    event["breadcrumbs"]["values"][-1].update(crumb or {})
    return event


def assert_same(event: dict[str, Any], *, is_checked: bool) -> None:
    text = orjson.dumps(event)
    parsed = parse_event(text)
    assert parsed.is_checked == is_checked
    assert normalize(parsed) == normalize(ParsedEvent(jsonio.loads(text), text))


@pytest.mark.parametrize("serial", range(20))
def test_realistic_event_is_checked_by_the_parser(serial: int) -> None:
    assert_same(make_event(serial, serial, at=NOW), is_checked=True)


@pytest.mark.parametrize(
    "frame",
    [
        {"vars": {}, "pre_context": [], "post_context": None, "context_line": None},
        {"vars": []},
        {"filename": None},
        {"filename": "", "abs_path": ""},
        {"in_app": None, "lineno": 0},
        {"platform": "native", "package": "libc.so", "unknown": [1]},
        {"vars": {"a": {"b": [1, 2.5, None, True, {"c": "d"}]}}},
        {"function": "é" * 4096},
    ],
)
def test_frame_of_the_usual_shape_needs_no_second_look(frame: dict[str, Any]) -> None:
    assert_same(event_with(frame=frame), is_checked=True)


@pytest.mark.parametrize(
    "frame",
    [
        {"function": "x" * 4097},
        {"function": 5},
        {"lineno": -1},
        {"lineno": "12"},
        {"lineno": 1.0},
        {"in_app": 1},
        {"pre_context": ["a", None]},
        {"pre_context": ["a"] * 21},
        {"vars": ["a"]},
        {"vars": {"a": "x" * 8193}},
        {"vars": {str(n): n for n in range(201)}},
        {"vars": {"a": 2**64 - 1}},
        {"vars": {"a": [[[[[[[[1]]]]]]]]}},
    ],
)
def test_frame_of_another_shape_is_looked_at(frame: dict[str, Any]) -> None:
    assert_same(event_with(frame=frame), is_checked=False)


@pytest.mark.parametrize(
    ("crumb", "is_checked"),
    [
        ({"data": {}, "message": ""}, True),
        ({"data": []}, True),
        ({"level": "warn"}, True),
        ({"timestamp": None}, True),
        ({"timestamp": ""}, True),
        ({"level": ""}, True),
        ({"timestamp": "yesterday"}, True),
        ({"timestamp": NOW, "unknown": 1}, True),
        ({"message": {"a": 1}}, False),
        ({"message": "x" * 8193}, False),
        ({"data": "text"}, False),
        ({"timestamp": True}, False),
    ],
)
def test_breadcrumb_comes_to_the_same(crumb: dict[str, Any], is_checked: bool) -> None:
    assert_same(event_with(crumb=crumb), is_checked=is_checked)


@pytest.mark.parametrize("name", ["exception", "threads", "breadcrumbs"])
def test_item_without_a_list_around_it_is_kept(name: str) -> None:
    item = {"type": "E", "value": "x", "id": 1, "name": "main", "message": "m", "timestamp": NOW}
    event, _ = normalize(parse_event(orjson.dumps({name: item})))
    assert len(event[name]["values"]) == 1
    assert_same({name: item}, is_checked=False)


def test_number_beyond_64_bits_is_read_as_ever() -> None:
    text = b'{"extra": {"a": 123456789012345678901234}, "tags": {"b": 1e999}}'
    assert normalize(parse_event(text)) == normalize(ParsedEvent(jsonio.loads(text), text))


def test_names_of_long_ago_keep_their_shapes() -> None:
    old = {"sentry.interfaces.Exception": [{"type": "E"}], "message": "x"}
    assert_same(old, is_checked=False)
    assert_same({"message": "x", "culprit": "y"}, is_checked=True)


@pytest.mark.parametrize("text", [b"[]", b"\xef\xbb\xbf{}", b'{"message": "\xff"}', b"{" * 2000])
def test_what_is_not_proper_is_read_as_ever(text: bytes) -> None:
    try:
        expected = jsonio.loads(text)
    except jsonio.JsonError:
        with pytest.raises(jsonio.JsonError):
            parse_event(text)
    else:
        assert parse_event(text).raw == expected


def test_schema_names_every_field_that_is_read() -> None:
    other = {"event_id", "timestamp", "breadcrumbs", "tags", "stacktrace"}
    assert EVENT_TYPES.keys() == EVENT_FIELDS.keys() | ALIASES.keys() | other
    assert EXCEPTION_TYPES.keys() == EXCEPTION_FIELDS.keys()
    assert THREAD_TYPES.keys() == THREAD_FIELDS.keys()
    assert FRAME_TYPES.keys() == FRAME_FIELDS.keys()
    assert CRUMB_TYPES.keys() == CRUMB_FIELDS.keys()


@settings(max_examples=300, deadline=None)
@given(events)
def test_any_event_comes_to_the_same(raw: dict[str, Any]) -> None:
    text = jsonio.dumps(deepcopy(raw))
    assert normalize(parse_event(text)) == normalize(ParsedEvent(jsonio.loads(text), text))
