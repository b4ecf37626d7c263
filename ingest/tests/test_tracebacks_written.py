"""Stacks written as text: native-apis.md, section 2, `traceback` of the detail."""

import traceback
from typing import Any

from errors.presenters.traceback import write_traceback
from ingest.stacks import read_stack


def event_of(text: str) -> dict[str, Any]:
    read = read_stack(text)
    return {"platform": read.platform, "exception": {"values": read.as_values()}}


def test_a_standard_traceback_comes_back_as_it_was() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/srv/shop/a.py", line 3, in pay\n'
        "    return charge(order)\n"
        '  File "/srv/venv/lib/python3.11/site-packages/bank/b.py", line 9, in charge\n'
        "    raise Refused(order)\n"
        "bank.Refused: order 981\n"
    )
    assert write_traceback(event_of(text)) == text


def test_chained_exceptions_are_linked() -> None:
    try:
        try:
            raise KeyError("people")
        except KeyError as error:
            raise ValueError("no order") from error
    except ValueError:
        text = traceback.format_exc()
    assert write_traceback(event_of(text)) == text


def test_a_javascript_stack_comes_back_as_it_was() -> None:
    text = (
        "TypeError: x is undefined\n    at pay (https://a/app.js:10:5)\n    at https://a/b.js:3:1"
    )
    assert write_traceback(event_of(text)) == text


def test_the_text_that_was_sent_is_preferred() -> None:
    event = {"contexts": {"report": {"traceback": "as it was"}}}
    assert write_traceback(event) == "as it was"


def test_an_event_without_a_stack_has_none() -> None:
    assert write_traceback({}) == ""
    assert write_traceback({"platform": "javascript", "logentry": {"formatted": "m"}}) == ""


def test_an_exception_without_frames_is_one_line() -> None:
    event = {"exception": {"values": [{"type": "E", "value": "m", "module": "shop"}]}}
    assert write_traceback(event) == "shop.E: m\n"
