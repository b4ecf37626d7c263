"""Native reports under the limits of addresses and projects; what is refused has a number."""

from collections import Counter
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from ingest.inbox import set_inbox
from ingest.keys import key_cache, load_key
from ingest.tests.conftest import ReadableInbox
from ingest.tests.native import Native, error_of
from projects.models import OutcomeCount, Project, SimpleKey
from projects.services import create_project
from projects.statistics import Counted, tally

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _find_keys_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the test's own connection: another one does not see what it made."""
    monkeypatch.setattr(key_cache, "find", load_key)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> "Counter[tuple[int, str, str, str]]":
    """What was refused: project, outcome, category and reason."""
    found: Counter[tuple[int, str, str, str]] = Counter()

    def note(name: Counted, quantity: int = 1) -> None:
        found[(name.project_id, name.outcome, name.category, name.reason)] += quantity

    monkeypatch.setattr(tally, "note", note)
    return found


@pytest.fixture
def shop() -> Project:
    return create_project(name="Shop", platform="python", owner=None)


def limit(project: Project, count: int) -> None:
    Project.objects.filter(pk=project.pk).update(rate_limit=count, rate_limit_window_s=60)


def send_simple(**changes: Any) -> Any:
    body = {"project_key": "shop", "message": "m"} | changes
    return Client().post("/api/v1/events", body, "application/json")


def test_projects_limit_holds_for_all_ways_in_together(
    shop: Project, inbox: ReadableInbox, counted: "Counter[Any]"
) -> None:
    limit(shop, 3)
    SimpleKey.objects.create(project=shop, key="shop")
    key = shop.keys.get().public_key
    page = {"type": "TypeError", "message": "m"}

    codes = [
        Native(shop).report().status_code,
        send_simple().status_code,
        Client()
        .post("/api/browser/errors", page, "application/json", headers={"X-Monlight-Key": key})
        .status_code,
        Native().report(project="Shop").status_code,
        send_simple().status_code,
    ]

    assert codes == [201, 200, 201, 429, 429]
    assert counted == {(shop.pk, "limited", "error", "project"): 2}


def test_limit_of_a_projects_key_holds_for_browsers(shop: Project, counted: "Counter[Any]") -> None:
    shop.keys.update(rate_limit=1, rate_limit_window_s=60)
    headers = {"X-Monlight-Key": shop.keys.get().public_key}
    page = {"type": "TypeError", "message": "m"}
    answers = [
        Client().post("/api/browser/errors", page, "application/json", headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 429]
    assert counted == {(shop.pk, "limited", "error", "key"): 1}


def test_address_is_limited_before_its_key_is_looked_at(
    shop: Project, settings: Settings, counted: "Counter[Any]"
) -> None:
    settings.MAX_REQUESTS_PER_ADDRESS = 2
    wrong = {"X-API-Key": "wrong"}
    codes = [
        Client().post("/api/errors", error_of(), "application/json", headers=wrong).status_code
        for _ in range(3)
    ]
    assert codes == [401, 401, 429]
    assert Native(shop).report().status_code == 429
    assert counted == {
        (0, "invalid", "error", "unknown_key"): 2,
        (0, "limited", "error", "address"): 2,
    }


def test_every_refusal_is_counted(shop: Project, counted: "Counter[Any]") -> None:
    native, site = Native(shop), Native(errors_per_minute=1)
    native.post("/api/errors", b"{")
    native.report(message="x" * 300_000)
    native.get("/api/errors/0")
    site.report(project=7)
    site.report()
    send_simple(message=[])
    named_unknown = {"X-Monlight-Key": "0" * 32}
    Client().post("/api/browser/errors", {}, "application/json", headers=named_unknown)

    assert counted == {
        (shop.pk, "invalid", "error", "malformed"): 1,
        (shop.pk, "invalid", "error", "too_large"): 1,
        (0, "invalid", "error", "malformed"): 2,
        (0, "limited", "error", "key"): 1,
        (0, "invalid", "error", "unknown_key"): 1,
    }


def test_what_is_written_is_accepted(shop: Project, counted: "Counter[Any]") -> None:
    Native(shop).report()

    row = OutcomeCount.objects.get()
    assert (row.project_id, row.outcome, row.category, row.quantity) == (
        *(shop.pk, "accepted", "error"),
        1,
    )
    assert not counted
    set_inbox(None)
