"""Stack traces, source code and breadcrumbs as pages show them."""

from typing import Any

import pytest

from errors.presenters.breadcrumbs import describe_offset, present_breadcrumbs
from errors.presenters.source import colour_lines, language_of
from errors.presenters.stacktrace import present_exceptions, present_threads


def frame(place: str, *, in_app: bool = True, **fields: Any) -> dict[str, Any]:
    return {"filename": place, "function": "run", "lineno": 3, "in_app": in_app} | fields


def event_of(*frames: dict[str, Any], **exception: Any) -> dict[str, Any]:
    value = {"type": "E", "stacktrace": {"frames": list(frames)}} | exception
    return {"platform": "python", "exception": {"values": [value]}}


def test_runs_of_library_frames_fold_in_their_place() -> None:
    event = event_of(
        frame("a.py"), frame("lib1", in_app=False), frame("lib2", in_app=False), frame("b.py")
    )
    (stack,) = present_exceptions(event, newest_first=True)
    shown = [(run.is_folded, [each.place for each in run.frames]) for run in stack.runs]
    assert shown == [(False, ["b.py"]), (True, ["lib2", "lib1"]), (False, ["a.py"])]
    assert stack.runs[1].summary == "2 frames of libraries"


def test_the_app_frame_nearest_to_the_crash_is_open() -> None:
    event = event_of(frame("a.py"), frame("b.py"), frame("lib", in_app=False))
    (stack,) = present_exceptions(event, newest_first=True)
    opened = [each.place for run in stack.runs for each in run.frames if each.is_open]
    assert opened == ["b.py"]


@pytest.mark.parametrize("newest_first", [True, False])
def test_only_the_newest_call_crashed(newest_first: bool) -> None:
    event = event_of(frame("a.py"), frame("b.py"), frame("lib", in_app=False))
    (stack,) = present_exceptions(event, newest_first=newest_first)
    crashed = [each.place for run in stack.runs for each in run.frames if each.is_crash]
    assert crashed == ["lib"]


def test_without_a_frame_of_the_app_nothing_folds_and_the_crash_is_open() -> None:
    event = event_of(frame("lib1", in_app=False), frame("lib2", in_app=False))
    (stack,) = present_exceptions(event, newest_first=False)
    (run,) = stack.runs
    assert not run.is_folded
    assert [each.is_open for each in run.frames] == [False, True]


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_recursion_is_one_frame_with_the_locals_of_its_newest_call(newest_first: bool) -> None:
    calls = [frame("a.py", vars={"depth": depth}) for depth in range(24)]
    event = event_of(frame("main.py"), *calls, frame("b.py", lineno=9))
    (stack,) = present_exceptions(event, newest_first=newest_first)
    shown = [each for run in stack.runs for each in run.frames]
    ordered = [(each.place, each.times) for each in shown[:: 1 if newest_first else -1]]
    assert ordered == [("b.py", 1), ("a.py", 24), ("main.py", 1)]
    assert shown[1].variables == [("depth", "23")]


def test_equal_calls_of_libraries_are_counted_in_the_fold() -> None:
    libraries = [frame("lib", in_app=False)] * 5 + [frame("lib2", in_app=False)]
    (stack,) = present_exceptions(event_of(frame("a.py"), *libraries), newest_first=True)
    assert stack.runs[0].summary == "6 frames of libraries"


def test_frames_without_a_line_are_no_recursion() -> None:
    frames = [{"function": "<anonymous>", "in_app": True}] * 4
    (stack,) = present_exceptions(event_of(*frames), newest_first=True)
    assert [each.times for each in stack.runs[0].frames] == [1, 1, 1, 1]


def test_source_lines_are_numbered_around_the_crash() -> None:
    code: dict[str, Any] = {"pre_context": ["a", "b"], "context_line": "c", "post_context": ["d"]}
    (stack,) = present_exceptions(event_of(frame("a.py", lineno=10, **code)), newest_first=True)
    lines = stack.runs[0].frames[0].lines
    assert [(line.number, line.is_crash) for line in lines] == [
        (8, False),
        (9, False),
        (10, True),
        (11, False),
    ]


def test_source_loses_the_indentation_that_all_lines_share() -> None:
    code: dict[str, Any] = {"pre_context": ["        if a:"], "context_line": "            b()"}
    (stack,) = present_exceptions(event_of(frame("a", **code)), newest_first=True)
    first, second = stack.runs[0].frames[0].lines
    assert not str(first.html).startswith(" ")
    assert str(second.html).startswith("    b")


def test_the_chain_reads_from_the_last_raised_to_its_cause() -> None:
    event = {"exception": {"values": [{"type": "Cause"}, {"type": "Effect"}]}}
    stacks = present_exceptions(event, newest_first=True)
    assert [(stack.title, stack.relation) for stack in stacks] == [
        ("Effect", ""),
        ("Cause", "caused by"),
    ]


def test_members_of_a_group_are_named_so() -> None:
    group = {"type": "Group", "mechanism": {"exception_id": 0, "is_exception_group": True}}
    member = {"type": "Member", "mechanism": {"exception_id": 1, "parent_id": 0}}
    stacks = present_exceptions({"exception": {"values": [member, group]}}, newest_first=True)
    assert stacks[1].relation == "in the group"


def test_a_browsers_file_is_shown_by_its_path() -> None:
    event = event_of(frame("https://shop.example.com/assets/cart.js"))
    (stack,) = present_exceptions(event, newest_first=True)
    shown = stack.runs[0].frames[0]
    assert shown.place == "assets/cart.js"
    assert shown.full_place == "https://shop.example.com/assets/cart.js"


def test_the_crashed_thread_comes_first() -> None:
    trace = {"frames": [frame("a.py")]}
    threads = [{"id": 1, "stacktrace": trace}, {"id": 2, "crashed": True, "stacktrace": trace}]
    stacks = present_threads({"threads": {"values": threads}}, newest_first=True)
    assert [stack.title for stack in stacks] == ["Thread 2", "Thread 1"]


@pytest.mark.parametrize(
    ("filename", "platform", "language"),
    [
        ("shop/pay.py", "other", "python"),
        ("app.min.js?v=3", "javascript", "javascript"),
        ("Pay.tsx", "node", "tsx"),
        ("main", "go", "go"),
        ("unknown.xyz", "other", ""),
    ],
)
def test_the_language_follows_the_file_then_the_platform(
    filename: str, platform: str, language: str
) -> None:
    assert language_of(filename, platform) == language


@pytest.mark.parametrize("language", ["python", "javascript", "php", "go", "ruby", ""])
def test_code_is_escaped_and_keeps_its_lines(language: str) -> None:
    lines = colour_lines('x = "<b>" # <i>\n\n  <script>&', language)
    assert len(lines) == 3
    assert not any("<b>" in line or "<i>" in line or "<script>" in line for line in lines)


def test_code_that_spans_lines_is_coloured_on_each() -> None:
    first, second, *_ = colour_lines('x = """one\ntwo"""', "python")
    assert first.endswith("</span>")
    assert second.startswith('<span class="s">')


def test_breadcrumbs_tell_their_time_to_the_crash_nearest_first() -> None:
    values = [{"timestamp": 98.8, "level": "log"}, {"timestamp": 99.99, "category": "http"}]
    crumbs = present_breadcrumbs({"timestamp": 100.0, "breadcrumbs": {"values": values}})
    assert [crumb.category for crumb in crumbs] == ["http", "default"]
    assert crumbs[1].level == "info"
    assert crumbs[1].offset.endswith("1.2 s")


def test_an_http_breadcrumb_without_words_says_its_request() -> None:
    data = {"method": "GET", "url": "https://x.example", "status_code": 200}
    crumbs = present_breadcrumbs({"breadcrumbs": {"values": [{"data": data}]}})
    assert crumbs[0].message == "GET https://x.example [200]"


def test_an_http_breadcrumb_of_python_says_its_request() -> None:
    data = {
        "http.method": "POST",
        "url": "https://x.example",
        "http.response.status_code": 503,
        "reason": "",
    }
    crumbs = present_breadcrumbs({"breadcrumbs": {"values": [{"type": "http", "data": data}]}})
    assert crumbs[0].message == "POST https://x.example [503]"


@pytest.mark.parametrize(
    ("data", "words"),
    [({"from": "/", "to": "/a"}, "/ → /a"), ({"to": "/a"}, "→ /a"), ({"from": "/"}, "/ →")],
)
def test_a_navigation_says_from_where_to_where(data: dict[str, str], words: str) -> None:
    crumb = {"category": "navigation", "data": data}
    crumbs = present_breadcrumbs({"breadcrumbs": {"values": [crumb]}})
    assert crumbs[0].message == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-0.012, "12 ms"), (-1.24, "1.2 s"), (-200, "3 min"), (-7200, "2 h"), (0.4, "400 ms")],
)
def test_offsets_use_the_unit_that_fits(seconds: float, words: str) -> None:
    assert describe_offset(seconds)[1:] == words
