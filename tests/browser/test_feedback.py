"""What people write walks in by itself, and is marked as handled by a click."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.feedback import send_feedback
from tests.server import Site

pytestmark = pytest.mark.browser


def test_feedback_announces_itself_is_handled_and_put_back(site: Site, signed_in: Page) -> None:
    page, dsn = signed_in, site.create_project("Letters")
    page.goto("/projects/letters/feedback/")
    expect(page.get_by_role("heading", name="No new feedback")).to_be_visible()
    # Told once the page listens.
    page.wait_for_timeout(1_000)

    send_feedback(site, dsn, "The cart is empty again.")
    line = page.locator("#new-feedback")
    expect(line).to_contain_text("1 new")
    line.get_by_role("link", name="show").click()
    row = page.locator(".feedback-row")
    expect(row).to_contain_text("The cart is empty again.")
    picture = row.get_by_role("img", name="Preview of shot.png")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1

    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("#toasts")).to_contain_text("Feedback handled.")
    expect(row).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("Feedback put back.")
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Mark handled").click()
    expect(row).to_have_count(0)
    page.get_by_role("link", name="Handled 1").click()
    expect(row).to_contain_text("by admin")

    with page.expect_download() as download:
        row.get_by_role("link", name="Download shot.png").click()
    assert download.value.suggested_filename == "shot.png"
