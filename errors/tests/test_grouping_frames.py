"""Grouping: what a JavaScript frame contributes, and what an engine or a bundler made up."""

from typing import Any

import pytest

from errors.grouping import group_event
from errors.grouping.frames import frame_key


def key(event_platform: str = "javascript", **frame: Any) -> str:
    return frame_key(frame, event_platform)


@pytest.mark.parametrize(
    "frame",
    [
        {"filename": "<anonymous>", "function": "Array.map"},
        {"filename": "native", "function": "forEach"},
        {"filename": "[native code]", "function": "forEach"},
        {"filename": "https://x.org/app.js line 5 > eval", "function": "run"},
        {"filename": "https://x.org/app.js", "function": "eval"},
        {"filename": "app.js", "function": "eval at run (https://x.org/app.js:1:1)"},
        {"filename": "app.js", "function": "?"},
        {"filename": "app.js", "function": "<anonymous>"},
        {"filename": "app.js", "function": "Object.<anonymous>"},
        {"filename": "app.js"},
    ],
    ids=str,
)
def test_anonymous_native_and_eval_frames_drop_out(frame: dict[str, Any]) -> None:
    assert key(**frame) == ""


def test_anonymous_function_with_a_source_line_counts_by_its_line() -> None:
    assert (
        key(filename="/src/app.js", function="?", context_line=" throw x ") == "app.js\n\nthrow x"
    )


def test_source_line_beats_a_minified_name() -> None:
    mapped = {"filename": "cart.js", "context_line": "return total"}
    assert key(function="t", **mapped) == key(function="e.n", **mapped)
    assert key(function="pay", **mapped) != key(function="ship", **mapped)


def test_minified_name_counts_where_there_is_no_line() -> None:
    assert key(filename="a.js", function="t") != key(filename="a.js", function="e")


@pytest.mark.parametrize(
    "url",
    [
        "https://x.org/static/main.3f2a1b9c.js",
        "https://cdn.x.org/v2/main-9d8c7b6a5f4e.js?v=3",
        "app:///main.0a1b2c3d4e.js",
    ],
)
def test_bundle_keeps_its_name_from_build_to_build(url: str) -> None:
    assert key(filename=url, function="render") == "main.js\nrender\n"


def test_name_that_only_looks_long_is_no_content_hash() -> None:
    assert key(filename="shopping-cart-total.js", function="f1").startswith(
        "shopping-cart-total.js"
    )


def test_frame_of_another_platform_is_judged_by_its_own() -> None:
    assert key("python", platform="javascript", filename="<anonymous>", function="map") == ""
    assert key("javascript", platform="native", package="/usr/lib/libc.so", function="abort") == (
        "libc.so\nabort\n"
    )


def test_frame_without_place_and_function_says_nothing() -> None:
    assert key("native", instruction_addr="0x1f") == ""


def test_dropped_frames_are_explained() -> None:
    frames = [
        {"filename": "a.js", "function": "?", "in_app": True},
        {"filename": "a.js", "function": "render", "in_app": True},
    ]
    event = {
        "platform": "javascript",
        "exception": {"values": [{"type": "TypeError", "stacktrace": {"frames": frames}}]},
    }
    assert group_event(event).explanation["parts"][0]["stack"] == {
        "frames": 2,
        "app": [1],
        "skipped": {"anonymous": [0]},
    }
