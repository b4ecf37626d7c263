"""Stack traces as text: native-apis.md, section 1, `stack`, and section 2, `traceback`."""

import time
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.stacks import read_stack


def frames_of(text: str) -> list[dict[str, Any]]:
    (exception,) = read_stack(text).exceptions
    return exception.frames


def split_bill(people: int) -> float:
    return 118.5 / people


def raised(crash: Any) -> str:
    """What Python prints of what this raises."""
    try:
        crash()
    except BaseException:
        return traceback.format_exc()
    raise AssertionError("it raised nothing")


def test_python_frames_are_oldest_first_with_their_code() -> None:
    read = read_stack(raised(lambda: split_bill(0)))

    assert read.platform == "python"
    (exception,) = read.exceptions
    assert (exception.type, exception.value) == ("ZeroDivisionError", "float division by zero")
    newest = exception.frames[-1]
    assert newest["function"] == "split_bill"
    assert newest["context_line"] == "return 118.5 / people"
    assert newest["filename"] == __file__
    assert exception.frames[0]["function"] == "raised"


@pytest.mark.parametrize("is_explicit", [True, False])
def test_chained_python_exceptions_are_oldest_first(is_explicit: bool) -> None:
    def crash() -> None:
        try:
            split_bill(0)
        except ZeroDivisionError as error:
            if is_explicit:
                raise LookupError("no\nbill") from error
            raise LookupError("no\nbill")  # noqa: B904

    first, second = read_stack(raised(crash)).exceptions
    assert (first.type, second.type) == ("ZeroDivisionError", "LookupError")
    assert second.value == "no\nbill"
    assert first.frames[-1]["function"] == "split_bill"


def test_exception_group_is_read_without_its_parts() -> None:
    def crash() -> None:
        raise ExceptionGroup("two failed", [ValueError(1), TypeError(2)])

    (exception,) = read_stack(raised(crash)).exceptions
    assert (exception.type, exception.value) == ("ExceptionGroup", "two failed (2 sub-exceptions)")
    assert exception.frames[-1]["function"] == "crash"


def test_module_of_an_exception_is_kept_apart() -> None:
    text = (
        'Traceback (most recent call last):\n  File "a.py", line 1, in f\nshop.errors.Empty: none'
    )
    (exception,) = read_stack(text).exceptions
    assert (exception.module, exception.type, exception.value) == ("shop.errors", "Empty", "none")


def test_installed_files_are_named_from_their_package_on() -> None:
    path = "/srv/venv/lib/python3.11/site-packages/fastapi/routing.py"
    text = f'Traceback (most recent call last):\n  File "{path}", line 7, in run\nE'
    (frame,) = frames_of(text)
    assert (frame["filename"], frame["abs_path"]) == ("fastapi/routing.py", path)


def test_marks_below_a_line_and_repetitions_are_no_code() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "a.py", line 3, in f\n'
        "    ^^^^^\n"
        '  File "a.py", line 4, in g\n'
        "    g()\n"
        "  [Previous line repeated 990 more times]\n"
        "RecursionError: too deep\n"
    )
    first, second = frames_of(text)
    assert "context_line" not in first
    assert second["context_line"] == "g()"


V8 = """\
TypeError: x is undefined
and more of it
    at Order.charge [as pay] (https://shop.example/app.js:10:5)
    at async new Basket (webpack:///./src/basket.ts?f00d:3:9)
    at Array.map (<anonymous>)
    at eval (eval at run (https://shop.example/eval.js:5:7), <anonymous>:1:1)
    at /srv/a b/app.js:3:1"""
GECKO = """\
charge@https://shop.example/app.js:10:5
@https://shop.example/app.js:3:9
global code@https://shop.example/node_modules/@shop/basket.js:1"""


def test_v8_stack() -> None:
    (exception,) = read_stack(V8).exceptions
    assert (exception.type, exception.value) == ("TypeError", "x is undefined\nand more of it")
    assert exception.frames == [
        {"filename": "/srv/a b/app.js", "lineno": 3, "colno": 1},
        {"filename": "https://shop.example/eval.js", "lineno": 5, "colno": 7, "function": "eval"},
        {"filename": "<anonymous>", "function": "Array.map"},
        {
            "filename": "webpack:///./src/basket.ts?f00d",
            "lineno": 3,
            "colno": 9,
            "function": "Basket",
        },
        {"filename": "https://shop.example/app.js", "lineno": 10, "colno": 5, "function": "pay"},
    ]


def test_stack_of_firefox_and_safari() -> None:
    (exception,) = read_stack(GECKO).exceptions
    assert (exception.type, exception.value) == ("", "")
    assert exception.frames == [
        {
            "filename": "https://shop.example/node_modules/@shop/basket.js",
            "lineno": 1,
            "function": "global code",
        },
        {"filename": "https://shop.example/app.js", "lineno": 3, "colno": 9},
        {
            "filename": "https://shop.example/app.js",
            "lineno": 10,
            "colno": 5,
            "function": "charge",
        },
    ]


def test_example_of_the_contract() -> None:
    read = read_stack("Error: m\n    at f (file:1:2)")
    (exception,) = read.exceptions
    assert (read.platform, exception.type, exception.value) == ("javascript", "Error", "m")
    assert exception.frames == [{"filename": "file", "lineno": 1, "colno": 2, "function": "f"}]


@pytest.mark.parametrize(
    "text",
    ["", "   \n", "it broke", "see you at home (now)", "ana@example.com", "at noon", "a: b: c"],
)
def test_prose_is_no_stack(text: str) -> None:
    assert read_stack(text).exceptions == []


@given(st.text(alphabet=st.sampled_from('at @():\n\\"/.,[]<>\0FileTraceback123|+-')))
def test_no_text_is_a_fault(text: str) -> None:
    for begin in ("", "Traceback (most recent call last):\n", "Error: m\n    at "):
        assert isinstance(read_stack(begin + text).as_values(), list)


@pytest.mark.parametrize(
    "text",
    [
        "at " * 100_000,
        "a@" * 100_000,
        " " * 200_000 + "@",
        "at " + " [as x" * 40_000,
        "at f (" + "eval at g (" * 20_000,
        "A." * 100_000,
        "a" * 200_000 + ":",
        ":1" * 100_000,
        "Traceback (most recent call last):\n" + '  File "' * 30_000,
        'Traceback (most recent call last):\n  File "' + "/lib/python3.1" * 15_000 + '", line 1',
        "Traceback (most recent call last):\n" + '  File "a", line 1, in f\n' * 9_000,
        "+ Exception Group Traceback (most recent call last):\n" * 4_000,
    ],
    ids=range(12),
)
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    read_stack(text)
    assert time.process_time() - began < 0.5
