"""Normalising: the event's own fields, its times, its message, what surrounds it."""

import math
from typing import Any

import orjson
import pytest

from errors.normalize import NormalizedEvent, NormalizeError, normalize_event

NOW = 1_790_000_000.0
EVENT_ID = "0123456789abcdef0123456789abcdef"
DAY_S = 86_400


def normalize(raw: object, **changes: Any) -> NormalizedEvent:
    given: dict[str, Any] = {"received_at": NOW, "sent_at": None, "client_ip": "203.0.113.7"}
    return normalize_event(raw, event_id=EVENT_ID, **given | changes)


def event_of(raw: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return normalize(raw, **changes).event


def test_empty_event_gets_the_defaults() -> None:
    assert event_of({}) == {
        "event_id": EVENT_ID,
        "timestamp": NOW,
        "received": NOW,
        "level": "error",
        "platform": "other",
        "environment": "production",
    }


@pytest.mark.parametrize("raw", [None, [], "text", 5])
def test_only_an_object_is_an_event(raw: Any) -> None:
    with pytest.raises(NormalizeError):
        normalize(raw)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (NOW - 5, NOW - 5),
        (str(NOW - 5), NOW - 5),
        ("2026-09-21T13:46:35Z", 1_789_998_395.0),
        ("2026-09-21T13:46:35", 1_789_998_395.0),
        ("2026-09-21T15:46:35.500+02:00", 1_789_998_395.5),
        ("2026-09-21 13:46:35.123456789Z", 1_789_998_395.123456),
        (None, NOW),
    ],
)
def test_timestamp_is_read_in_every_form(sent: Any, kept: Any) -> None:
    normalized = normalize({"timestamp": sent})
    assert normalized.event["timestamp"] == pytest.approx(kept)
    assert normalized.problems == []


@pytest.mark.parametrize(
    "sent",
    [NOW + 61, NOW - 30 * DAY_S - 1, "soon", "", [], True, -1, 1e300, "9" * 400, math.inf],
)
def test_absurd_timestamp_becomes_the_time_received(sent: Any) -> None:
    normalized = normalize({"timestamp": sent})
    assert normalized.event["timestamp"] == NOW
    assert [problem.path for problem in normalized.problems] == ["timestamp"]


def test_clock_drift_is_corrected_from_the_time_of_sending() -> None:
    raw = {"timestamp": NOW - 7210, "breadcrumbs": [{"timestamp": NOW - 7220, "message": "before"}]}
    event = event_of(raw, sent_at=NOW - 7200)
    assert event["timestamp"] == NOW - 10
    assert event["breadcrumbs"]["values"][0]["timestamp"] == NOW - 20


def test_small_drift_is_no_drift() -> None:
    assert event_of({"timestamp": NOW - 70}, sent_at=NOW - 60)["timestamp"] == NOW - 70


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        *[(name, name) for name in ("debug", "info", "warning", "error", "fatal")],
        *[("log", "info"), ("critical", "fatal"), ("WARNING", "warning"), ("warn", "warning")],
        *[(10, "debug"), (20, "info"), (30, "warning"), (40, "error"), (50, "fatal")],
        *[("30", "warning"), (None, "error")],
    ],
)
def test_level_is_known_by_many_names(sent: Any, kept: Any) -> None:
    assert event_of({"level": sent})["level"] == kept


@pytest.mark.parametrize("sent", ["loud", 7, ["error"], {}, True])
def test_unknown_level_is_an_error_and_is_said(sent: Any) -> None:
    normalized = normalize({"level": sent})
    assert normalized.event["level"] == "error"
    assert normalized.problems[0].path == "level"


@pytest.mark.parametrize(
    ("field", "limit"),
    [
        *[("release", 200), ("environment", 64), ("dist", 64), ("transaction", 200)],
        *[("logger", 64), ("server_name", 256)],
    ],
)
def test_long_names_are_trimmed_and_marked(field: str, limit: int) -> None:
    assert event_of({field: "x" * limit})[field] == "x" * limit
    assert event_of({field: "x" * (limit + 1)})[field] == "x" * (limit - 1) + "…"


def test_names_are_texts_without_space_around_them() -> None:
    event = event_of({"release": " 1.2 ", "dist": 7, "logger": "", "server_name": None})
    assert event["release"] == "1.2"
    assert event["dist"] == "7"
    assert "logger" not in event
    assert "server_name" not in event


@pytest.mark.parametrize("field", ["release", "transaction", "user", "contexts", "sdk", "request"])
def test_field_of_the_wrong_kind_is_dropped_and_said(field: str) -> None:
    normalized = normalize({field: [["list"]], "message": "kept"})
    assert field not in normalized.event
    assert normalized.event["logentry"]["formatted"] == "kept"
    assert normalized.problems[0].path == field
    assert "got a list" in normalized.problems[0].reason


@pytest.mark.parametrize(
    ("raw", "entry"),
    [
        ({"message": "plain"}, {"formatted": "plain"}),
        ({"message": {"formatted": "plain"}}, {"formatted": "plain"}),
        ({"sentry.interfaces.Message": {"message": "old"}}, {"message": "old", "formatted": "old"}),
        (
            {"logentry": {"message": "%s of %d %%", "params": ["one", 2]}},
            {"message": "%s of %d %%", "params": ["one", 2], "formatted": "one of 2 %"},
        ),
        (
            {"logentry": {"message": "%(who)s left", "params": {"who": "Ana"}}},
            {"message": "%(who)s left", "params": {"who": "Ana"}, "formatted": "Ana left"},
        ),
        (
            {"logentry": {"message": "{} and {1} {{}}", "params": ["a", True]}},
            {"message": "{} and {1} {{}}", "params": ["a", True], "formatted": "a and true {}"},
        ),
        (
            {"logentry": {"message": "a %s", "params": [1], "formatted": "as sent"}},
            {"message": "a %s", "params": [1], "formatted": "as sent"},
        ),
        ({"logentry": {"message": "%s %s", "params": ["one"]}}, None),
        ({"logentry": {"message": {"a": 1}}}, {"message": '{"a":1}', "formatted": '{"a":1}'}),
    ],
)
def test_message_is_formatted_from_its_template(raw: Any, entry: dict[str, Any] | None) -> None:
    expected = entry or {"message": "%s %s", "params": ["one"], "formatted": "one %s"}
    assert event_of(raw)["logentry"] == expected


def test_hostile_format_width_costs_nothing() -> None:
    raw = {"logentry": {"message": "%999999999d {0:>999999999}", "params": [1]}}
    assert len(event_of(raw)["logentry"]["formatted"]) < 100


def test_message_is_trimmed_at_its_limit() -> None:
    assert len(event_of({"message": "x" * 9000})["logentry"]["formatted"]) == 8192


def test_name_of_today_wins_over_its_alias() -> None:
    raw = {"message": "old", "logentry": {"formatted": "new"}, "culprit": "place"}
    event = event_of(raw)
    assert event["logentry"] == {"formatted": "new"}
    assert event["transaction"] == "place"


def test_unknown_fields_and_meta_are_left_out() -> None:
    assert (
        event_of({"_meta": {"a": 1}, "whatever": [1], "key_id": "x"}).keys() == event_of({}).keys()
    )


def test_contexts_are_objects_of_8_kb_at_most() -> None:
    raw = {"contexts": {"app": {"name": "shop"}, "big": {"text": "é" * 9000}, "odd": 5, "no": {}}}
    normalized = normalize(raw)
    contexts = normalized.event["contexts"]
    assert contexts["app"] == {"name": "shop"}
    assert contexts["big"]["text"].endswith("…")
    assert 7000 < len(orjson.dumps(contexts["big"])) <= 8192
    assert set(contexts) == {"app", "big"}
    assert [problem.path for problem in normalized.problems] == ["contexts.odd"]


def test_extra_is_bounded_for_each_item_and_in_all() -> None:
    raw = {"extra": {f"item{n}": "x" * 20_000 for n in range(40)}}
    normalized = normalize(raw)
    extra = normalized.event["extra"]
    assert len(orjson.dumps(extra)) <= 262_144
    assert all(len(orjson.dumps(item)) <= 16_384 for item in extra.values())
    assert normalized.problems[0].path == "extra"


def test_extra_deeper_than_seven_levels_is_cut() -> None:
    deep: Any = "bottom"
    for _ in range(9):
        deep = {"down": deep}
    extra = event_of({"extra": {"tree": deep}})["extra"]
    assert b"bottom" not in orjson.dumps(extra)
    assert orjson.dumps(extra).count(b"down") == 7


def test_sdk_modules_and_fingerprint_are_kept_in_one_shape() -> None:
    event = event_of(
        {
            "sdk": {
                "name": "sentry.python",
                "version": "2.75.0",
                "integrations": ["django", 5],
                "packages": [{"name": "pypi:sentry-sdk", "version": "2.75.0"}, "odd"],
                "settings": {"infer_ip": "never"},
            },
            "modules": [["django", "5.2"], ["celery", None]],
            "fingerprint": "one",
        }
    )
    assert event["sdk"] == {
        "name": "sentry.python",
        "version": "2.75.0",
        "integrations": ["django", "5"],
        "packages": [{"name": "pypi:sentry-sdk", "version": "2.75.0"}],
    }
    assert event["modules"] == {"django": "5.2"}
    assert event["fingerprint"] == ["one"]


def test_text_that_no_store_takes_is_replaced() -> None:
    raw = {"message": "a\0b\ud800c", "extra": {"k\0": [math.nan, math.inf, 2**70, 1.5]}}
    normalized = normalize(raw)
    assert normalized.event["logentry"]["formatted"] == "a\ufffdb\ufffdc"
    assert normalized.event["extra"] == {"k\ufffd": [None, None, None, 1.5]}
    assert "extra.k\ufffd.0" in [problem.path for problem in normalized.problems]


def test_raw_text_spares_no_cleaning_that_is_needed() -> None:
    text = b'{"message": "a\\u0000b"}'
    assert event_of(orjson.loads(text), raw_text=text)["logentry"]["formatted"] == "a\ufffdb"


def test_not_a_number_is_dropped_where_the_text_looks_clean() -> None:
    raw = {
        "extra": {"ratio": math.nan, "list": [math.inf]},
        "breadcrumbs": [{"data": {"n": math.nan}}],
    }
    event = event_of(raw)
    assert event["extra"] == {"ratio": None, "list": [None]}


def test_absurd_nesting_is_cut() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    event = event_of(
        {"extra": {"deep": deep}, "contexts": {"app": {"deep": deep}}, "message": deep}
    )
    assert len(orjson.dumps(event)) < 1000


def test_problems_are_few_and_short() -> None:
    long = normalize({"contexts": {"x" * 10_000: 5}}).problems[0]
    assert len(long.path) == 200
    normalized = normalize({"breadcrumbs": list(range(1000)), "exception": list(range(1000))})
    assert len(normalized.problems) == 50


def test_contexts_keep_no_nulls_but_within_their_data() -> None:
    trace = {"trace_id": "a" * 32, "parent_span_id": None, "data": {"status": None}}
    raw = {"contexts": {"trace": trace, "app": {"name": None}, "os": {}}}
    assert normalize(raw).event["contexts"] == {
        "trace": {"trace_id": "a" * 32, "data": {"status": None}}
    }
