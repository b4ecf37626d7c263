"""Whatever an SDK sends: normalising never fails, stays within its bounds, and comes to rest."""

import copy
from collections.abc import Iterator
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from errors.normalize import normalize_event
from errors.normalize.limits import BREADCRUMBS, DATA_ENTRIES, FRAMES, MAX_PROBLEMS, TAGS

NOW = 1_790_000_000.0
PART_KEYS = (
    "values value type module mechanism stacktrace frames function filename abs_path lineno vars "
    "in_app pre_context context_line timestamp level message params formatted data category tags "
    "url method headers cookies query_string id email ip_address name version packages handled"
)
EVENT_KEYS = (
    "timestamp level logentry message exception threads stacktrace breadcrumbs request user tags "
    "contexts extra sdk modules fingerprint debug_meta release environment platform culprit _meta"
)
texts = st.text(st.characters(), max_size=20) | st.sampled_from(
    [
        "",
        "%s {} %(a)s",
        "a=%00&c=d",
        '{"a":"\\u0000"}',
        "{{auto}}",
        "2026-09-21T13:46:35Z",
        "\0",
        "\ud800",
    ]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
keys = st.sampled_from(PART_KEYS.split()) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)
events = st.dictionaries(st.sampled_from(EVENT_KEYS.split()) | texts, values, max_size=8)


def iterate_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from iterate_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from iterate_texts(item)


def normalize(raw: dict[str, Any]) -> tuple[dict[str, Any], int]:
    normalized = normalize_event(
        copy.deepcopy(raw), event_id="a" * 32, received_at=NOW, sent_at=None, client_ip="::1"
    )
    return normalized.event, len(normalized.problems)


@settings(max_examples=150, deadline=None)
@given(events)
def test_any_object_becomes_an_event_that_every_store_takes(raw: Any) -> None:
    event, problems = normalize(raw)
    text = orjson.dumps(event)
    assert not [text for text in iterate_texts(event) if "\0" in text]
    assert orjson.loads(text) == event
    assert problems <= MAX_PROBLEMS


@settings(max_examples=150, deadline=None)
@given(events)
def test_normalising_twice_changes_nothing(raw: Any) -> None:
    event, _ = normalize(raw)
    assert normalize(event) == (event, 0)


@settings(max_examples=60, deadline=None)
@given(events)
def test_nothing_empty_stands_in_the_event(raw: Any) -> None:
    event, _ = normalize(raw)
    assert not [name for name, value in event.items() if value in (None, "", [], {})]
    assert not [context for context in event.get("contexts", {}).values() if not context]
    parts = (*event.get("contexts", {}).values(), event.get("user", {}), event.get("request", {}))
    assert not [part for part in parts if None in part.values()]


@settings(max_examples=15, deadline=None)
@given(values, st.integers(1, 3000))
def test_lists_and_texts_stay_within_their_limits(value: Any, count: int) -> None:
    raw = {
        "tags": {f"t{n}": value for n in range(count)},
        "breadcrumbs": [{"message": "m", "data": {"v": value}}] * count,
        "exception": {"type": "E", "stacktrace": {"frames": [{"function": "f"}] * count}},
        "extra": {"list": [value] * count, "text": "é" * count},
        "contexts": {"c": {f"k{n}": value for n in range(count)}},
        "request": {"data": ["\\" * 30] * count},
    }
    event, _ = normalize(raw)
    assert len(event.get("tags", [])) <= TAGS
    assert len(event["breadcrumbs"]["values"]) <= BREADCRUMBS
    assert len(event["exception"]["values"][0]["stacktrace"]["frames"]) <= FRAMES
    assert len(event["extra"]["list"]) <= DATA_ENTRIES
    assert len(orjson.dumps(event["extra"]["list"])) <= 16_384
    assert len(orjson.dumps(event.get("contexts", {}).get("c"))) <= 8192
    assert len(orjson.dumps(event["request"]["data"])) <= 8192
