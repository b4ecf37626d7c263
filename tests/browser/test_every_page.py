"""Every page, in both themes: nothing for axe to find, nothing wider than a phone."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.feedback import send_feedback
from tests.needs import NODE_DIR
from tests.server import Site, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.node]

AXE = NODE_DIR / "node_modules" / "axe-core" / "axe.min.js"
PROJECT = "Every page"
OPEN_PAGES = ("/accounts/login/", "/accounts/password/reset/", "/nothing-here/")
ISSUE = "/projects/every-page/issues/1/"
PAGES = (
    "/issues/",
    "/issues/?status=resolved",
    "/issues/?q=nothing-has-this-name",
    "/feedback/",
    "/feedback/?state=handled",
    "/projects/",
    "/projects/new/",
    "/projects/every-page/setup/",
    "/projects/every-page/settings/",
    "/projects/every-page/keys/",
    "/projects/every-page/api-keys/",
    "/projects/every-page/members/",
    "/projects/every-page/statistics/",
    "/projects/every-page/delete/",
    "/projects/every-page/issues/",
    ISSUE,
    f"{ISSUE}events/",
    f"{ISSUE}tags/",
    f"{ISSUE}feedback/",
    f"{ISSUE}activity/",
    f"{ISSUE}grouping/",
    "/accounts/settings/",
    "/accounts/tokens/",
    "/accounts/password/change/",
    "/admin/",
    "/admin/accounts/user/",
    "/admin/accounts/user/add/",
    "/admin/projects/project/",
    "/admin/projects/project/1/change/",
    "/admin/projects/projectkey/",
    "/admin/accounts/apitoken/",
    "/admin/projects/nativekey/",
    "/admin/projects/outcomecount/",
    "/admin/projects/nativekey/add/",
    "/admin/projects/simplekey/",
    "/admin/projects/simplekey/add/",
    "/admin/projects/sitepolicy/1/change/",
    "/admin/projects/membership/",
    "/admin/errors/issue/",
    "/admin/errors/issue/1/change/",
    "/admin/errors/event/",
    "/admin/errors/attachment/",
    "/admin/errors/feedback/",
    "/admin/errors/storeditem/",
    "/admin/errors/projectretention/",
    "/admin/errors/projectretention/1/change/",
    "/admin/ingest/quarantinedmessage/",
    "/admin/django_celery_beat/periodictask/",
)
Theme = Literal["light", "dark"]


@pytest.fixture(scope="module", autouse=True)
def _project_with_an_issue(site: Site) -> None:
    """What the pages are about: one project, one issue, one event, one person's words."""
    dsn = site.create_project(PROJECT)
    site.run_command("send_test_event", "--project", "every-page")
    send_feedback(site, dsn, "It broke.")


def findings(page: Page) -> list[str]:
    """What axe finds, as lines that say where."""
    # Not as a script tag: the site's own policy forbids those, as it should.
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then((result) => result.violations)")
    return [
        f"{page.url} {rule['id']}: {node['target']} {node['html'][:120]}"
        for rule in found
        for node in rule["nodes"]
    ]


def width_beyond(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(script))


def open_issue_page(page: Page) -> None:
    """Wait until the one issue is there: the digest is quick, but not instant."""

    def is_there() -> bool:
        answer = page.goto(ISSUE)
        return bool(answer and answer.ok)

    wait_until(is_there, "the issue", timeout_s=20)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, site: Site, theme: Theme) -> None:
    # Not the context that tolerates no fault: axe sets styles, which the site's policy forbids.
    with browser.new_context(base_url=site.base_url, color_scheme=theme) as context:
        page = context.new_page()
        found: list[str] = []
        for path in OPEN_PAGES:
            page.goto(path)
            found += findings(page)
        sign_in(page)
        open_issue_page(page)
        for path in PAGES:
            page.goto(path)
            found += findings(page)
    assert found == []


def test_nothing_is_wider_than_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    sign_in(page)
    open_issue_page(page)
    beyond = {}
    for path in PAGES:
        page.goto(path)
        beyond[path] = width_beyond(page)
    assert {path: pixels for path, pixels in beyond.items() if pixels > 0} == {}


def test_the_chosen_tab_is_in_view_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    sign_in(page)
    page.goto("/projects/every-page/statistics/")
    expect(page.get_by_role("link", name="Statistics")).to_be_in_viewport(ratio=0.9)


def test_pages_work_without_javascript(browser: Browser, site: Site) -> None:
    with browser.new_context(base_url=site.base_url, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page)
        open_issue_page(page)
        page.get_by_role("button", name="Resolve").click()
        expect(page.get_by_role("button", name="Reopen")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("button", name="Resolve")).to_be_visible()
