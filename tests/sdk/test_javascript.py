"""@sentry/node and @sentry/browser as their users set them up, and the pages that show them."""

import itertools
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Response, sync_playwright
from playwright.sync_api import Page as BrowserPage

from tests.needs import NODE_DIR
from tests.sdk.processes import NODE_APPS, run_app, serve_app
from tests.sdk.reading import Page, Visitor
from tests.sdk.storage import read_stored
from tests.server import Site, wait_until

pytestmark = [pytest.mark.sdk, pytest.mark.node]

VERSIONS = json.loads((NODE_DIR / "package.json").read_text())["devDependencies"]
CARD_TOKEN = "tok-5f2a"


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line on the terminal for each."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def shop_window() -> Iterator[str]:
    """The address of a web server for the browser's page, on another origin than the site."""
    handler = partial(QuietHandler, directory=NODE_DIR)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


def test_node_script_that_crashes_becomes_an_issue(
    node: Path, site: Site, visitor: Visitor
) -> None:
    dsn = site.create_project("basket-import")

    errors = run_app(
        *(node, "--import", "./instrument.mjs", "script.mjs"),
        folder=NODE_APPS,
        settings={"SENTRY_DSN": dsn},
    )

    assert "RangeError: not a quantity: seven" in errors
    page = visitor.open_issue("basket-import", "RangeError")
    page.assert_says(
        "RangeError: not a quantity: seven",
        "script in parseQuantity",
        "script.mjs parseQuantity line 7:11 in app",
        "throw new RangeError(`not a quantity: ${text}`);",
        "file was read",
    )
    assert_says_who_and_where(page, release="basket@5.0.0", sdk="node")


def test_node_request_that_crashes_becomes_an_issue(
    node: Path, site: Site, visitor: Visitor
) -> None:
    dsn = site.create_project("basket")
    server = (node, "--import", "./instrument.mjs", "server.mjs")
    articles = (f"coffee-{serial}" for serial in itertools.count())
    settings = {"SENTRY_DSN": dsn, "CARD_TOKEN": CARD_TOKEN}

    with serve_app(*server, folder=NODE_APPS, settings=settings) as client:

        def crash_with_locals() -> Page | None:
            # The SDK knows no locals before its debugger is attached, and no signal says when.
            assert client.post("/price", params={"of": next(articles)}).status_code == 500
            page = visitor.open_issue("basket", "no price for")
            return page if page.values_of("article") else None

        client.headers.update({"Authorization": "Bearer s3cret", "Cookie": "sessionid=feedbeef"})
        page = wait_until(crash_with_locals, "an event with locals")

    (article,) = page.values_of("article")
    page.assert_says(
        f"Error: no price for {article}",
        "server in findPrice",
        "server.mjs findPrice line 7:11 in app",
        "throw new Error(`no price for ${article}`);",
        "basket prices were read",
        f"POST {client.base_url}/price?of={article}",
    )
    assert_says_who_and_where(page, release="basket@5.0.0", sdk="node")
    assert page.values_of("authorization") == {"[Filtered]"}
    assert page.values_of("sessionid") == {"[Filtered]"}
    assert_filters_the_card(page)


def test_click_that_crashes_in_a_browser_becomes_an_issue(
    node: Path, browser: Browser, shop_window: str, site: Site, visitor: Visitor
) -> None:
    dsn = site.create_project("basket-ui")

    with browser.new_page() as shop:
        shop.add_init_script(f"globalThis.sentryDsn = '{dsn}'")
        shop.add_init_script(f"globalThis.cardToken = '{CARD_TOKEN}'")
        shop.goto(f"{shop_window}/apps/page.html")
        with shop.expect_response(brings_an_event) as answer:
            shop.click("#pay")
        # Without the site's consent (CORS) Chromium lets no answer through to this either.
        event_id = answer.value.json()["id"]

    page = visitor.open_issue("basket-ui", "TypeError")
    page.assert_says(
        "TypeError: Cannot read properties of undefined (reading 'amount')",
        "apps/page.js in readAmount",
        "apps/page.js readAmount line 15:23 in app",
        f"{shop_window}/apps/page.html",
        "body > button#pay",
        "basket is stale",
        "HeadlessChrome",
        event_id[:8],
    )
    assert_says_who_and_where(page, release="basket-ui@5.0.0", sdk="browser")
    assert_filters_the_card(page)


def test_a_browser_asks_first_and_is_let_through(
    node: Path, browser: Browser, shop_window: str, site: Site, visitor: Visitor
) -> None:
    dsn = site.create_project("basket-asks")
    # A header of one's own: Chromium sends the event only after a preflight that allows it.
    options = {"transportOptions": {"headers": {"X-Requested-With": "basket"}}}

    with open_shop(browser, shop_window, dsn, options) as shop:
        with shop.expect_response(brings_an_event) as answer:
            shop.click("#pay")
        headers = answer.value.request.all_headers()
        assert (headers["x-requested-with"], headers["origin"]) == ("basket", shop_window)
        event_id = answer.value.json()["id"]

    visitor.open_issue("basket-asks", "TypeError").assert_says(event_id[:8])


def test_what_a_visitor_tells_in_the_crash_report_dialog_is_kept(
    node: Path, browser: Browser, shop_window: str, site: Site
) -> None:
    dsn = site.create_project("basket-dialog")

    with open_shop(browser, shop_window, dsn) as shop:
        with shop.expect_response(brings_an_event):
            shop.click("#pay")
        shop.click("#report")
        dialog = shop.get_by_role("dialog", name="Sorry </script><b>about</b> that")
        assert dialog.get_by_label("Name").input_value() == "Ana"
        dialog.get_by_role("button", name="Send report").click()
        dialog.get_by_text("Please say what happened.").wait_for()
        dialog.get_by_label("What happened?").fill("I pressed <Pay>.")
        dialog.get_by_role("button", name="Send report").click()
        dialog.get_by_text("Thank you!").wait_for()
        dialog.get_by_role("button", name="Close").click()
        shop.get_by_text("Back in the shop.").wait_for()

    def feedback() -> list[list[str]]:
        return read_stored(site, ["basket-dialog"])["basket-dialog"].feedback

    assert wait_until(feedback, "the report") == [["I pressed <Pay>.", "Ana", "ana@example.com"]]


@contextmanager
def open_shop(
    browser: Browser, shop_window: str, dsn: str, options: Mapping[str, object] | None = None
) -> Iterator[BrowserPage]:
    """The shop's page, whose SDK has this DSN and these options."""
    with browser.new_page() as shop:
        shop.add_init_script(f"globalThis.sentryDsn = '{dsn}'")
        shop.add_init_script(f"globalThis.sentryOptions = {json.dumps(options or {})}")
        shop.goto(f"{shop_window}/apps/page.html")
        yield shop


def brings_an_event(answer: Response) -> bool:
    """Whether this answers an envelope that has an event in it."""
    return '{"type":"event"}' in (answer.request.post_data or "")


def assert_says_who_and_where(page: Page, *, release: str, sdk: str) -> None:
    """What all three applications set, and the SDK that sent it."""
    page.assert_says(
        f"release {release}",
        "environment staging",
        "region eu-west",
        "ana@example.com",
        f"sentry.javascript.{sdk} {VERSIONS[f'@sentry/{sdk}']}",
    )


def assert_filters_the_card(page: Page) -> None:
    """The context that the applications set is there, without the secret in it."""
    assert page.values_of("step") == {"pay"}
    assert page.values_of("card_token") == {"[Filtered]"}
    assert CARD_TOKEN not in page.text
