"""The new user's way: from the sign-in page to a first issue, resolved and back again."""

import re
from functools import partial

import pytest
import sentry_sdk
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import sign_in
from tests.server import wait_until

pytestmark = pytest.mark.browser

PROJECT = "Tea shop"
LIST = "/projects/tea-shop/issues/"


def crash(dsn: str, error: Exception) -> None:
    """An application that crashes once, with the stock SDK."""
    client = sentry_sdk.Client(dsn, default_integrations=False, release="tea@1.4.0")
    with sentry_sdk.new_scope() as scope:
        scope.set_client(client)
        scope.set_user({"id": "981", "email": "ana@example.com"})
        try:
            raise error
        except type(error) as raised:
            sentry_sdk.capture_exception(raised)
    client.close(timeout=10)


def create_project(page: Page) -> str:
    """Make the project as a person does, and return the DSN that its set-up page shows."""
    page.goto("/projects/new/")
    page.get_by_label("Name", exact=True).fill(PROJECT)
    page.get_by_label("Platform").select_option("python")
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/projects/tea-shop/setup/")
    found = re.search(r"http://[0-9a-f]{32}@[^\s\"]+/\d+", page.inner_text("main"))
    assert found, "The set-up page shows no DSN."
    return found[0]


def mark(page: Page) -> None:
    """Put something on the page that a reload would lose."""
    page.evaluate("window.isStillHere = true")


def assert_not_reloaded(page: Page) -> None:
    assert page.evaluate("window.isStillHere") is True


def shows_a_regression(listing: Page) -> bool:
    listing.goto(LIST)
    row = listing.locator(".issue-row", has_text="LookupError")
    return row.get_by_text("regressed").count() == 1


def test_the_new_users_way(page: Page, context: BrowserContext) -> None:
    sign_in(page)
    dsn = create_project(page)

    # The line that waits turns into a link by itself.
    expect(page.get_by_text("Waiting for the first event")).to_be_visible()
    mark(page)
    crash(dsn, LookupError("no tea left"))
    link = page.get_by_role("link", name=re.compile("LookupError"))
    expect(link).to_be_visible(timeout=15_000)
    assert_not_reloaded(page)

    # The issue says what happened, where and to whom.
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("LookupError: no tea left")
    expect(page.get_by_text("raise error", exact=True).first).to_be_visible()
    expect(page.get_by_text("ana@example.com").first).to_be_visible()

    # The list is live: a count moves in place, a new issue announces itself.
    listing = context.new_page()
    listing.goto(LIST)
    mark(listing)
    expect(listing.locator(".issue-row")).to_have_count(1)
    mark(page)
    crash(dsn, LookupError("no tea left"))
    expect(listing.locator("[data-cell=events]")).to_contain_text("2", timeout=15_000)
    crash(dsn, PermissionError("the cellar is locked"))
    expect(listing.locator("#new-issues")).to_contain_text("1 new", timeout=15_000)
    assert_not_reloaded(listing)
    listing.locator("#new-issues a").click()
    expect(listing.locator(".issue-row")).to_have_count(2)

    # The open issue says so, and shows the newest event when asked.
    expect(page.locator("#new-events")).to_contain_text("1 new event", timeout=15_000)
    assert_not_reloaded(page)
    page.get_by_role("link", name="show newest").click()
    expect(page.locator("#new-events")).to_be_empty()
    expect(page.locator(".event-of")).to_contain_text("2")

    # Resolve, undo, resolve; then it happens again.
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Resolve")).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    crash(dsn, LookupError("no tea left"))
    wait_until(partial(shows_a_regression, listing), "the regression in the list")


def test_a_test_event_takes_the_same_way(signed_in: Page) -> None:
    page = signed_in
    page.goto("/projects/new/")
    page.get_by_label("Name", exact=True).fill("Coffee shop")
    page.get_by_role("button", name="Create project").click()
    page.get_by_role("button", name="Send a test event").click()
    expect(page.locator(".status-issue")).to_be_visible(timeout=15_000)


def test_the_list_is_walked_by_keys(signed_in: Page) -> None:
    page = signed_in
    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".bulk-count")).to_have_text("1 selected")
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/projects/tea-shop/issues/\d+/"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
