"""Keys and tokens as a person makes, copies, uses and revokes them."""

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import sign_in
from tests.server import ADMIN_PASSWORD, Site, wait_until

pytestmark = pytest.mark.browser


def status(site: Site, path: str, **headers: str) -> int:
    """What a program is answered."""
    return httpx.get(f"{site.base_url}{path}", headers=headers).status_code


def copied(page: Page) -> str:
    """What a press of the copy button puts into the clipboard."""
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_an_api_key_is_copied_used_revoked_and_taken_back(
    page: Page, context: BrowserContext, site: Site
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    site.create_project("Key shop")
    sign_in(page)
    page.goto("/projects/key-shop/settings/")
    page.get_by_role("link", name="API keys").click()
    page.get_by_label("Label").fill("Collector")
    page.get_by_role("button", name="Create API key").click()
    key = {"X-API-Key": copied(page)}
    assert status(site, "/api/errors", **key) == 200
    page.reload()
    page.goto("/projects/key-shop/api-keys/")
    expect(page.get_by_text(key["X-API-Key"])).to_have_count(0)
    expect(page.get_by_text(key["X-API-Key"][:12])).to_have_count(1)
    page.get_by_role("button", name="Revoke Collector").click()
    wait_until(lambda: status(site, "/api/errors", **key) == 401, "the refusal")
    page.get_by_role("button", name="Restore Collector").click()
    wait_until(lambda: status(site, "/api/errors", **key) == 200, "the key's return")


def test_a_token_is_copied_used_and_revoked(
    page: Page, context: BrowserContext, site: Site
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page)
    page.goto("/accounts/settings/")
    page.get_by_role("link", name="API tokens").click()
    page.get_by_label("Label").fill("Report")
    page.get_by_label("Read projects").check()
    page.get_by_label("Current password").fill(ADMIN_PASSWORD)
    page.get_by_role("button", name="Create token").click()
    bearer = {"Authorization": f"Bearer {copied(page)}"}
    assert status(site, "/api/v1/projects/", **bearer) == 200
    assert status(site, "/api/v1/users/", **bearer) == 403
    page.get_by_role("button", name="Revoke Report").click()
    assert status(site, "/api/v1/projects/", **bearer) == 401
