"""What is read of feedback and user reports, whatever they hold."""

import json
from typing import Any

import pytest

from errors.feedback import MAX_MESSAGE, MAX_URL, read_feedback, read_user_report

EVENT = "fe6f5d4b0a0e4e3e8f3b8f1c2d3e4f50"
DASHED = "fe6f5d4b-0a0e-4e3e-8f3b-8f1c2d3e4f50"


def feedback(**given: Any) -> bytes:
    return json.dumps({"event_id": "a" * 32, "contexts": {"feedback": given}}).encode()


def test_feedback_row_has_words_who_where_and_about_what() -> None:
    words = read_feedback(
        feedback(
            message=" It broke.\nTwice. ",
            contact_email="ana@example.com",
            name="Ana",
            url="https://shop.example.com/cart",
            associated_event_id=DASHED,
        )
    )
    assert words
    assert words.message == "It broke.\nTwice."
    assert (words.name, words.email) == ("Ana", "ana@example.com")
    assert words.url == "https://shop.example.com/cart"
    assert (words.own_id, words.event_id) == ("a" * 32, EVENT)


def test_who_and_where_may_stand_in_the_event() -> None:
    event = {
        "contexts": {"feedback": {"message": "x"}},
        "user": {"email": "ana@example.com", "username": "ana"},
        "request": {"url": "https://shop.example.com/"},
    }
    words = read_feedback(json.dumps(event).encode())
    assert words
    assert (words.name, words.email, words.url) == (
        "ana",
        "ana@example.com",
        "https://shop.example.com/",
    )


def test_user_report_row_is_about_its_event() -> None:
    report = {"event_id": DASHED, "name": "Ana", "email": "a@b.c", "comments": "It broke."}
    words = read_user_report(json.dumps(report).encode())
    assert words
    assert (words.message, words.event_id, words.own_id) == ("It broke.", EVENT, "")


@pytest.mark.parametrize("read", [read_feedback, read_user_report])
@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"null",
        b"\xff\xfe",
        b"{}",
        b'{"contexts": []}',
        b'{"contexts": {"feedback": "x"}}',
        b'{"contexts": {"feedback": {"message": "   "}}}',
        b'{"comments": ["x"]}',
        b'{"comments": null}',
    ],
)
def test_what_has_no_words_is_no_feedback(read: Any, payload: bytes) -> None:
    assert read(payload) is None


def test_values_of_other_types_are_left_out() -> None:
    words = read_feedback(
        feedback(message="x", name=7, contact_email={"a": 1}, url=[], associated_event_id=9)
    )
    assert words
    assert (words.name, words.email, words.url, words.event_id) == ("", "", "", "")


def test_long_words_are_trimmed_and_lines_stay_lines_only_in_the_message() -> None:
    words = read_feedback(
        feedback(message="é" * 9000, name="a\nb", url="u" * 9000, contact_email="\0\ud800")
    )
    assert words
    assert len(words.message) == MAX_MESSAGE
    assert len(words.url) == MAX_URL
    assert (words.name, words.email) == ("a b", "\ufffd\ufffd")
