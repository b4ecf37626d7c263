"""Normalising: exceptions and frames, breadcrumbs, request, user, tags."""

from typing import Any

import orjson
import pytest

from errors.normalize import NormalizedEvent, normalize_event

NOW = 1_790_000_000.0
FRAME = {"filename": "shop/cart.py", "function": "pay", "lineno": 4, "in_app": True}


def normalize(raw: dict[str, Any], client_ip: str | None = "203.0.113.7") -> NormalizedEvent:
    return normalize_event(
        raw, event_id="a" * 32, received_at=NOW, sent_at=None, client_ip=client_ip
    )


def event_of(raw: dict[str, Any]) -> dict[str, Any]:
    return normalize(raw).event


def exceptions_of(raw: object) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = event_of({"exception": raw})["exception"]["values"]
    return values


def frames_of(frames: object, platform: str = "python") -> list[dict[str, Any]]:
    raw = {"platform": platform, "exception": {"type": "E", "stacktrace": {"frames": frames}}}
    kept: list[dict[str, Any]] = event_of(raw)["exception"]["values"][0]["stacktrace"]["frames"]
    return kept


@pytest.mark.parametrize(
    "raw",
    [{"values": [{"type": "E"}]}, [{"type": "E"}], {"type": "E"}],
    ids=["values", "list", "one"],
)
def test_exceptions_come_in_three_shapes(raw: Any) -> None:
    assert exceptions_of(raw) == [{"type": "E"}]


def test_exceptions_keep_their_order_and_mechanism() -> None:
    sent = [
        {"type": "KeyError", "value": "'a'", "module": "builtins", "thread_id": 5},
        {
            "type": "Wrapped",
            "value": {"code": 5},
            "mechanism": {
                "type": "chained",
                "handled": False,
                "synthetic": True,
                "exception_id": 0,
                "parent_id": 3,
                "is_exception_group": True,
                "data": {"relevant": "yes"},
                "unknown": 1,
            },
        },
    ]
    first, second = exceptions_of({"values": sent})
    assert first == {"type": "KeyError", "value": "'a'", "module": "builtins", "thread_id": 5}
    assert second["value"] == '{"code":5}'
    assert second["mechanism"] == {
        "type": "chained",
        "handled": False,
        "synthetic": True,
        "exception_id": 0,
        "parent_id": 3,
        "is_exception_group": True,
        "data": {"relevant": "yes"},
    }


def test_exception_that_says_nothing_is_dropped_and_said() -> None:
    normalized = normalize({"exception": [{"type": "E"}, {"module": "m"}, "odd", None]})
    assert normalized.event["exception"]["values"] == [{"type": "E"}]
    assert [problem.path for problem in normalized.problems] == [
        "exception.values.1",
        "exception.values.2",
        "exception.values.3",
    ]


def test_canonical_frame_passes_untouched() -> None:
    frame = FRAME | {"vars": {"order": "1"}, "pre_context": ["a", ""], "context_line": "b"}
    assert frames_of([dict(frame)]) == [frame]


def test_empty_parts_of_a_frame_are_absent() -> None:
    assert frames_of([FRAME | {"vars": {}, "pre_context": [], "post_context": None}]) == [FRAME]


def test_frame_is_repaired_field_by_field() -> None:
    sent = {
        "function": 5,
        "filename": None,
        "abs_path": "/srv/shop/cart.py",
        "lineno": "7",
        "colno": -1,
        "pre_context": ["a", None, 3],
        "context_line": "x" * 5000,
        "post_context": [],
        "in_app": None,
        "vars": ["no"],
        "instruction_addr": "0x1f",
        "stack_start": True,
        "whatever": 1,
    }
    assert frames_of([sent]) == [
        {
            "function": "5",
            "abs_path": "/srv/shop/cart.py",
            "lineno": 7,
            "pre_context": ["a", "", "3"],
            "context_line": "x" * 4095 + "…",
            "instruction_addr": "0x1f",
            "stack_start": True,
            "filename": "/srv/shop/cart.py",
            "in_app": True,
        }
    ]


def test_unreadable_frame_is_dropped_and_the_rest_kept() -> None:
    normalized = normalize({"exception": {"type": "E", "stacktrace": [FRAME, 5, {}, {"a": 1}]}})
    assert len(normalized.event["exception"]["values"][0]["stacktrace"]["frames"]) == 1
    assert len(normalized.problems) == 3


def test_frames_nearest_to_the_crash_are_kept() -> None:
    frames = frames_of([FRAME | {"lineno": n} for n in range(300)])
    assert len(frames) == 250
    assert frames[-1]["lineno"] == 299


def test_locals_are_bounded_in_depth_entries_and_length() -> None:
    deep: Any = 1
    for _ in range(20):
        deep = [deep]
    own = {"deep": deep, "many": list(range(1000)), "long": "x" * 100_000}
    (frame,) = frames_of([FRAME | {"vars": own}])
    assert len(frame["vars"]["many"]) == 200
    assert frame["vars"]["many"][-1] == "…"
    assert len(frame["vars"]["long"]) == 8192
    assert orjson.dumps(frame["vars"]["deep"]).count(b"[") < 8


@pytest.mark.parametrize(
    ("platform", "frame", "in_app"),
    [
        ("python", {"abs_path": "/srv/shop/cart.py"}, True),
        ("python", {"abs_path": "/v/lib/python3.12/site-packages/django/db.py"}, False),
        ("python", {"abs_path": "/usr/lib/python3/dist-packages/six.py"}, False),
        ("python", {"abs_path": "/usr/local/lib/python3.12/json/decoder.py"}, False),
        ("python", {"abs_path": "C:\\app\\Lib\\site-packages\\x.py"}, False),
        ("python", {"filename": "<frozen importlib._bootstrap>"}, False),
        ("node", {"filename": "node:internal/process/task_queues"}, False),
        ("node", {"abs_path": "/app/node_modules/express/lib/router.js"}, False),
        ("node", {"abs_path": "/app/src/index.js"}, True),
        ("javascript", {"abs_path": "chrome-extension://abc/inject.js"}, False),
        ("php", {"abs_path": "/app/vendor/symfony/http.php"}, False),
        ("ruby", {"abs_path": "/usr/local/bundle/gems/rack-3.0/lib/rack.rb"}, False),
        ("go", {"abs_path": "/root/go/pkg/mod/gin/gin.go"}, False),
        ("java", {"module": "java.util.HashMap"}, False),
        ("java", {"module": "com.shop.Cart"}, True),
        ("csharp", {"module": "System.Linq.Enumerable"}, False),
        ("rust", {"function": "core::panicking::panic"}, False),
    ],
)
def test_in_app_is_guessed_where_the_sdk_leaves_it_open(
    platform: str, frame: dict[str, Any], in_app: bool
) -> None:
    assert frames_of([frame], platform)[0]["in_app"] is in_app
    assert frames_of([frame | {"in_app": not in_app}], platform)[0]["in_app"] is not in_app


def test_own_stacktrace_goes_to_the_newest_exception_without_one() -> None:
    event = event_of({"exception": [{"type": "A"}, {"type": "B"}], "stacktrace": [FRAME]})
    assert "stacktrace" not in event["exception"]["values"][0]
    assert event["exception"]["values"][1]["stacktrace"] == {"frames": [FRAME]}
    assert "stacktrace" not in event


def test_own_stacktrace_becomes_a_thread_without_an_exception() -> None:
    event = event_of({"message": "hello", "stacktrace": {"frames": [FRAME]}})
    assert event["threads"]["values"] == [{"current": True, "stacktrace": {"frames": [FRAME]}}]


def test_threads_keep_what_is_known() -> None:
    sent = [{"id": 7, "name": "main", "crashed": True, "stacktrace": {"frames": [FRAME]}}, {}]
    event = event_of({"threads": {"values": sent}})
    assert event["threads"]["values"] == sent[:1]


def test_thread_that_crashed_is_among_those_kept() -> None:
    threads = [{"id": n} for n in range(150)] + [{"id": 200, "crashed": True}]
    normalized = normalize({"threads": threads})
    assert len(normalized.event["threads"]["values"]) == 100
    assert normalized.event["threads"]["values"][0]["id"] == 200
    assert normalized.problems[0].path == "threads"


def test_breadcrumbs_pass_with_their_times_in_seconds() -> None:
    sent = {"type": "log", "category": "shop", "level": "info", "message": "paid", "data": {}}
    event = event_of(
        {
            "breadcrumbs": {
                "values": [
                    sent | {"timestamp": "2026-09-21T13:46:35.5Z"},
                    sent | {"timestamp": "2026-09-21T13:46:36", "data": {"ms": 5}},
                ]
            }
        }
    )
    del sent["data"]
    assert event["breadcrumbs"]["values"] == [
        sent | {"timestamp": 1_789_998_395.5},
        sent | {"timestamp": 1_789_998_396.0, "data": {"ms": 5}},
    ]


def test_broken_breadcrumbs_are_repaired_or_dropped_one_by_one() -> None:
    sent = [
        {"message": "fine", "timestamp": 5},
        {"message": {"a": 1}, "level": "critical", "timestamp": "never", "extra": 1},
        {"data": [1], "type": "http"},
        {},
        "odd",
        ["type"],
    ]
    normalized = normalize({"breadcrumbs": sent})
    assert normalized.event["breadcrumbs"]["values"] == [
        {"message": "fine", "timestamp": 5.0},
        {"message": '{"a":1}', "level": "fatal"},
        {"type": "http"},
    ]
    assert [problem.path for problem in normalized.problems] == [
        "breadcrumbs.values.1.timestamp",
        "breadcrumbs.values.2.data",
        "breadcrumbs.values.3",
        "breadcrumbs.values.4",
        "breadcrumbs.values.5",
    ]


def test_newest_breadcrumbs_are_kept() -> None:
    event = event_of({"breadcrumbs": [{"message": str(n)} for n in range(500)]})
    crumbs = event["breadcrumbs"]["values"]
    assert len(crumbs) == 200
    assert crumbs[-1]["message"] == "499"


def test_request_has_one_shape_for_its_many_forms() -> None:
    event = event_of(
        {
            "request": {
                "url": "https://shop.example.com/pay?step=2&step=3#end",
                "method": "post",
                "headers": {"X-One": "1", "Accept": ["a", "b"]},
                "cookies": "theme=dark; lang=de",
                "env": {"SERVER_NAME": "web-1"},
            }
        }
    )
    assert event["request"] == {
        "url": "https://shop.example.com/pay",
        "method": "POST",
        "query_string": [["step", "2"], ["step", "3"]],
        "fragment": "end",
        "headers": [["X-One", "1"], ["Accept", "a"], ["Accept", "b"]],
        "cookies": [["theme", "dark"], ["lang", "de"]],
        "env": {"SERVER_NAME": "web-1"},
    }


@pytest.mark.parametrize(
    "sent", ["?a=1&b=two%20words", {"a": "1", "b": "two words"}, [["a", 1], ["b", "two words"]]]
)
def test_query_is_read_from_text_object_and_pairs(sent: Any) -> None:
    event = event_of({"request": {"query_string": sent}})
    assert event["request"]["query_string"] == [["a", "1"], ["b", "two words"]]


@pytest.mark.parametrize(
    "sent", ["A: 1\r\nB: x:y", {"A": "1", "B": "x:y"}, [["A", "1"], ["B", "x:y"]]]
)
def test_headers_are_read_from_text_object_and_pairs(sent: Any) -> None:
    assert event_of({"request": {"headers": sent}})["request"]["headers"] == [
        ["A", "1"],
        ["B", "x:y"],
    ]


def test_cookie_header_becomes_cookies() -> None:
    request = event_of({"request": {"headers": {"cookie": "a=1; b=x=y; c"}}})["request"]
    assert request == {"cookies": [["a", "1"], ["b", "x=y"], ["c", ""]]}


@pytest.mark.parametrize(
    ("headers", "sent", "kept", "kind"),
    [
        ({}, '{"a": [1]}', {"a": [1]}, "application/json"),
        ({"Content-Type": "application/vnd.api+json"}, "[1]", [1], "application/json"),
        ({}, "a=1&b=2&b=3", {"a": "1", "b": ["2", "3"]}, "application/x-www-form-urlencoded"),
        ({}, "plain = text", "plain = text", None),
        ({}, '{"cut', '{"cut', None),
        ({"content-type": "text/plain"}, '{"a":1}', '{"a":1}', None),
        ({}, {"a": 1}, {"a": 1}, None),
        ({}, [1, 2], [1, 2], None),
    ],
)
def test_body_is_opened_by_its_type(
    headers: dict[str, str], sent: Any, kept: Any, kind: str | None
) -> None:
    request = event_of({"request": {"headers": headers, "data": sent}})["request"]
    assert request["data"] == kept
    assert request.get("inferred_content_type") == kind


def test_decoding_makes_no_nul() -> None:
    form = {"query_string": "a=%00", "url": "/x?b=%00", "data": "c=%00"}
    assert event_of({"request": form})["request"] == {
        "url": "/x",
        "query_string": [["a", "\ufffd"]],
        "data": {"c": "\ufffd"},
        "inferred_content_type": "application/x-www-form-urlencoded",
    }
    assert event_of({"request": {"data": '{"a": "\\u0000"}'}})["request"]["data"] == {"a": "\ufffd"}


def test_body_is_trimmed_to_8_kb() -> None:
    request = event_of({"request": {"data": {"rows": ["x" * 50] * 1000}}})["request"]
    assert 7000 < len(orjson.dumps(request["data"])) <= 8192


def test_user_keeps_what_is_known_and_moves_the_rest_to_data() -> None:
    sent = {"id": 5, "username": "ana", "email": "a@x.org", "geo": {"city": "Ulm"}, "plan": "pro"}
    assert event_of({"user": sent})["user"] == {
        "id": "5",
        "username": "ana",
        "email": "a@x.org",
        "geo": {"city": "Ulm"},
        "data": {"plan": "pro"},
    }


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ({"user": {"ip_address": "{{auto}}"}}, "203.0.113.7"),
        ({"user": {"ip_address": "2001:DB8::1"}}, "2001:db8::1"),
        ({"sdk": {"settings": {"infer_ip": "auto"}}}, "203.0.113.7"),
        (
            {"sdk": {"settings": {"infer_ip": "auto"}}, "user": {"ip_address": "10.0.0.1"}},
            "10.0.0.1",
        ),
        ({"sdk": {"settings": {"infer_ip": "never"}}}, None),
        ({"user": {"id": "1"}}, None),
        ({"user": {"ip_address": "somewhere"}}, None),
    ],
)
def test_address_is_the_connections_only_where_asked(raw: Any, address: str | None) -> None:
    assert event_of(raw).get("user", {}).get("ip_address") == address


def test_auto_address_without_a_connection_is_dropped() -> None:
    assert "user" not in normalize({"user": {"ip_address": "{{auto}}"}}, client_ip=None).event


@pytest.mark.parametrize(
    "sent",
    [{"a": 1, "b": True}, [["a", 1], ["b", True]], [{"key": "a", "value": "1"}, ["b", "true"]]],
)
def test_tags_become_pairs_of_texts(sent: Any) -> None:
    assert event_of({"tags": sent})["tags"] == [["a", "1"], ["b", "true"]]


def test_tags_are_short_lines() -> None:
    normalized = normalize(
        {"tags": {"two words": "a\nb", "long": "x" * 300, "ö": "1", "n" * 201: "1", "list": [1]}}
    )
    assert normalized.event["tags"] == [["two-words", "a b"], ["long", "x" * 199 + "…"]]
    assert len(normalized.problems) == 3


def test_reserved_tags_fill_the_events_own_fields() -> None:
    tags = {"release": "1.2", "environment": "test", "dist": "7", "user": "ana", "a": "1"}
    event = event_of({"tags": tags, "release": "1.3"})
    assert event["tags"] == [["a", "1"]]
    assert (event["release"], event["environment"], event["dist"]) == ("1.3", "test", "7")
    assert "user" not in event


def test_hundred_thousand_tags_cost_the_event_nothing() -> None:
    normalized = normalize({"tags": {f"tag{n}": str(n) for n in range(100_000)}})
    assert len(normalized.event["tags"]) == 100
    assert [problem.reason for problem in normalized.problems] == ["kept the first 100"]
