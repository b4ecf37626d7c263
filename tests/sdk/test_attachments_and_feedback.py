"""Files, words and dropped events of one application, where people see them: sentry-sdk."""

import sys

import pytest

from tests.sdk.processes import run_app
from tests.sdk.reading import Page, Visitor
from tests.server import Site, wait_until

pytestmark = pytest.mark.sdk
PROJECT = "boat"


@pytest.fixture(scope="module")
def page(site: Site, visitor: Visitor) -> Page:
    """The page of the event that the customer met."""
    dsn = site.create_project(PROJECT)
    errors = run_app(sys.executable, "customer.py", settings={"SENTRY_DSN": dsn})
    assert "Traceback" not in errors, errors
    wait_until(lambda: "It sank." in feedback(visitor).text, "both words of the customers")
    return visitor.open_issue(PROJECT, "the boat leaks")


def feedback(visitor: Visitor) -> Page:
    return visitor.open(f"/projects/{PROJECT}/feedback/")


def test_attachments_of_a_scope_are_listed_and_given_back(page: Page, visitor: Visitor) -> None:
    page.assert_says("boat.log")
    (link,) = {link for link in page.links if "/attachments/" in link}
    answer = visitor.http.get(link)
    assert answer.content == b"oars: 2\n"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_feedback_item_is_shown_with_its_issue(page: Page, visitor: Visitor) -> None:
    page.assert_says("My feet are wet.", "ana@example.com")
    feedback(visitor).assert_says("My feet are wet.", "Ana", "the boat leaks")


def test_user_report_item_is_shown_with_its_issue(page: Page, visitor: Visitor) -> None:
    page.assert_says("It sank.", "bo@example.com")
    feedback(visitor).assert_says("It sank.", "Bo", "the boat leaks")


def test_what_the_sdk_dropped_itself_is_a_number(page: Page, visitor: Visitor) -> None:
    def dropped() -> bool:
        return "before_send" in visitor.open(f"/projects/{PROJECT}/statistics/").text

    wait_until(dropped, "the client's own report")
    lines = visitor.open(f"/projects/{PROJECT}/statistics/").lines
    assert any("before_send" in line for line in lines)
    assert "3" in lines[next(i for i, line in enumerate(lines) if "before_send" in line) :][:4]
