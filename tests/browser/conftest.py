"""Fixtures of the browser tests: Chromium, and a page that tolerates no fault of the site's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.server import ADMIN_PASSWORD, Site

# What Chromium says of its own accord when a page answers with an error on purpose.
EXPECTED = ("Failed to load resource: the server responded with a status of 4",)


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser that nobody has used; a script's fault or a look elsewhere fails the test."""
    opened = browser.new_context(
        base_url=site.base_url, viewport={"width": 1440, "height": 900}, locale="en-GB"
    )
    faults: list[str] = []
    # What a page makes itself, such as a worker, counts as the site's own.
    own = (site.base_url, f"blob:{site.base_url}", "data:")
    opened.on("weberror", lambda error: faults.append(str(error.error)))
    opened.on(
        "console",
        lambda message: faults.append(message.text) if message.type == "error" else None,
    )
    opened.on(
        "request",
        lambda request: None if request.url.startswith(own) else faults.append(request.url),
    )
    yield opened
    opened.close()
    assert [fault for fault in faults if not fault.startswith(EXPECTED)] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of somebody who has not signed in."""
    return context.new_page()


@pytest.fixture
def signed_in(page: Page) -> Page:
    """A page of the administrator."""
    sign_in(page)
    return page


def sign_in(page: Page) -> None:
    """Sign in as a person does."""
    page.goto("/accounts/login/")
    page.get_by_label("Name or email").fill("admin")
    page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/issues/")
