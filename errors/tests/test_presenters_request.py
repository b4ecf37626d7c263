"""The request and its curl command: what a stranger sent must stay data in a terminal."""

import shlex
from typing import Any

import pytest

from errors.presenters.request import make_curl, present_request


def words_of(**request: Any) -> list[str]:
    command = make_curl({"url": "https://shop.example.com/pay"} | request)
    # A shell joins continued lines, which shlex does not.
    return shlex.split(command.replace(" \\\n  ", " "))


def test_an_event_without_a_request_has_none() -> None:
    assert present_request({}) is None


def test_a_get_needs_no_method() -> None:
    assert words_of(method="GET") == ["curl", "-g", "https://shop.example.com/pay"]


def test_the_page_of_a_browsers_error_was_requested_by_no_method() -> None:
    assert words_of(method="BROWSER") == ["curl", "-g", "https://shop.example.com/pay"]
    presented = present_request({"request": {"method": "BROWSER", "url": "https://a.example/"}})
    assert presented is not None
    assert (presented.method, presented.url) == ("", "https://a.example/")


def test_query_headers_cookies_and_json_body_are_sent() -> None:
    words = words_of(
        method="POST",
        query_string=[["a b", "1&2"]],
        headers=[["Content-Type", "application/json"], ["Host", "x"], ["Content-Length", "3"]],
        cookies=[["theme", "dark"]],
        data={"quantity": 3},
    )
    assert words[:4] == ["curl", "-g", "-X", "POST"]
    assert words[4] == "https://shop.example.com/pay?a+b=1%262"
    assert words[5:] == [
        "-H",
        "Content-Type: application/json",
        "-b",
        "theme=dark",
        "--data-raw",
        '{"quantity": 3}',
    ]


def test_a_form_is_sent_as_a_form() -> None:
    headers = [["content-type", "application/x-www-form-urlencoded"]]
    words = words_of(method="POST", headers=headers, data={"a": "1", "b": ["2", "3"]})
    assert words[-1] == "a=1&b=2&b=3"


@pytest.mark.parametrize("evil", ["'; rm -rf / #", "$(id)", "`id`", "a\nb", '"', "\\"])
def test_no_value_can_leave_its_quotes(evil: str) -> None:
    words = words_of(method=evil, headers=[["X-Evil", evil]], cookies=[["a", evil]], data=evil)
    assert words[3] == evil
    assert f"X-Evil: {evil}" in words
    assert f"a={evil}" in words
    assert words[-1] == evil


def test_no_header_can_name_a_file_to_read() -> None:
    assert "-H" not in words_of(headers=[["@/etc/passwd", "x"], ["@", ""]])


@pytest.mark.parametrize("url", ["-o/etc/passwd", "/pay", "file:///etc/passwd", ""])
def test_only_web_addresses_make_a_command(url: str) -> None:
    assert make_curl({"url": url}) == ""
