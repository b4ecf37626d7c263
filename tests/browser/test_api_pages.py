"""The pages that show the API's document: whole, from this site alone, under its policy."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import width_beyond

pytestmark = pytest.mark.browser


def test_swagger_ui_shows_the_document_and_tries_an_operation(page: Page) -> None:
    page.goto("/docs")
    page.locator("#operations-Signing_in-login").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    answer = page.locator(".live-responses-table .response")
    expect(answer).to_contain_text("wrong login/password")


def test_redoc_shows_the_document_in_the_sites_colours(page: Page) -> None:
    page.goto("/redoc")
    expect(page.get_by_role("heading", name="Send one event as JSON")).to_be_visible()
    painted = page.locator("#api-redoc .menu-content").evaluate(
        "(menu) => getComputedStyle(menu).backgroundColor"
    )
    assert painted not in {"", "rgba(0, 0, 0, 0)"}


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_they_fit_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto(path)
    expect(page.get_by_role("heading", name="Catchall")).to_be_visible()
    assert width_beyond(page) <= 0


def test_the_account_menu_leads_to_them(signed_in: Page) -> None:
    signed_in.locator("summary[title=admin]").click()
    signed_in.get_by_role("link", name="API documents").click()
    signed_in.get_by_role("link", name="To read (Redoc)").click()
    expect(signed_in).to_have_url(re.compile(r"/redoc$"))
