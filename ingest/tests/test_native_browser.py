"""The browser relay, as native-apis.md, section 2, says: DSN keys, and errors of pages."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from errors.models import Event, Issue, IssueSession
from errors.storage import load_document
from ingest.keys import key_cache, load_key
from ingest.tests.native import BROWSER_STACK, Native
from projects.models import Project, ProjectKey
from projects.services import create_project

pytestmark = pytest.mark.django_db

PATH = "/api/browser/errors"
ORIGIN = "https://shop.example"


@pytest.fixture(autouse=True)
def _find_keys_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the test's own connection: another one does not see what it made."""
    monkeypatch.setattr(key_cache, "find", load_key)


@pytest.fixture
def shop() -> Project:
    return create_project(name="Shop", platform="javascript", owner=None)


def page_error(**changes: Any) -> dict[str, Any]:
    error = {
        "type": "TypeError",
        "message": "x is undefined",
        "stack": BROWSER_STACK,
        "url": "https://shop.example/basket?coupon=7",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/141.0",
        "session_id": "5f0c4e0e-8a0e-4a5b-9a53-a2b6f3a1c0de",
        "release": "shop@1.2.3",
        "environment": "staging",
        "context": {"user_id": "u-42", "basket": 3},
    }
    return {name: value for name, value in (error | changes).items() if value is not None}


def send(
    project: Project, body: Any = None, query: str = "", headers: dict[str, str] | None = None
) -> Any:
    if headers is None:
        headers = {"X-Monlight-Key": project.keys.get().public_key, "Origin": ORIGIN}
    given = page_error() if body is None else body
    sent = given if isinstance(given, bytes) else json.dumps(given).encode()
    return Client().post(PATH + query, sent, "application/json", headers=headers)


def test_error_of_a_page_is_created_counted_and_reopened(shop: Project) -> None:
    created = send(shop)
    issue = Issue.objects.get()
    fingerprint = json.loads(created.content)["fingerprint"]
    assert created.status_code == 201
    assert created.content == (
        b'{"status":"created","id":%d,"fingerprint":"%s"}' % (issue.pk, fingerprint.encode())
    )
    again = send(shop)
    assert (again.status_code, again.content) == (
        200,
        b'{"status":"incremented","id":%d,"count":2}' % issue.pk,
    )
    Native(shop).post(f"/api/errors/{issue.pk}/resolve")
    assert json.loads(send(shop).content)["status"] == "reopened"


def test_everything_of_a_page_is_stored(shop: Project) -> None:
    send(shop)

    document = load_document(Event.objects.get().pk)
    assert document
    event = document["event"]
    assert (event["platform"], event["environment"]) == ("javascript", "staging")
    assert event["release"] == "shop@1.2.3"
    assert event["user"]["id"] == "u-42"
    assert event["request"]["method"] == "BROWSER"
    assert event["request"]["url"] == "https://shop.example/basket"

    assert Issue.objects.get().culprit == "app.js in pay"


def test_list_tells_pages_from_servers_and_finds_a_session(shop: Project) -> None:
    send(shop)
    send(shop, page_error(type="Other", stack="", session_id="another"))
    native = Native()
    native.report(project="Shop")

    def found(query: str) -> list[str]:
        answer = json.loads(native.get(f"/api/errors?{query}").content)
        return sorted(error["exception_type"] for error in answer["errors"])

    session = page_error()["session_id"]
    assert found("source=browser") == ["Other", "TypeError"]
    assert found("source=server") == ["ZeroDivisionError"]
    assert found(f"session_id={session}") == ["TypeError"]
    assert found("session_id=another&source=browser") == ["Other"]
    assert found("session_id=nobody") == []
    assert IssueSession.objects.count() == 2


def test_session_shows_in_the_occurrences_extra(shop: Project) -> None:
    send(shop)
    found = json.loads(Native(shop).get(f"/api/errors/{Issue.objects.get().pk}").content)
    (occurrence,) = found["occurrences"]
    assert occurrence["extra"] == {
        "user_id": "u-42",
        "basket": 3,
        "session_id": page_error()["session_id"],
    }
    assert occurrence["request_url"] == "https://shop.example/basket?coupon=7"


def test_session_of_another_project_is_not_found(shop: Project) -> None:
    send(shop)
    other = Native(create_project(name="Billing", platform="go", owner=None))
    answer = other.get(f"/api/errors?session_id={page_error()['session_id']}")
    assert json.loads(answer.content)["errors"] == []


def test_key_may_stand_in_the_address(shop: Project) -> None:
    query = f"?key={shop.keys.get().public_key}"
    assert send(shop, query=query, headers={}).status_code == 201
    assert send(shop, query=query, headers={"X-Monlight-Key": "wrong"}).status_code == 401


@pytest.mark.parametrize("key", ["", "wrong", "0" * 32, "A" * 32, "x" * 5000])
def test_unknown_key_is_401(shop: Project, key: str) -> None:
    answer = send(shop, headers={"X-Monlight-Key": key})
    assert (answer.status_code, answer.content) == (401, b'{"detail":"Invalid API key"}')


def test_revoked_key_and_deleted_project_are_401(shop: Project) -> None:
    ProjectKey.objects.update(revoked_at=shop.created_at)
    assert send(shop).status_code == 401
    ProjectKey.objects.update(revoked_at=None)
    Project.objects.update(deleted_at=shop.created_at)
    assert send(shop).status_code == 401


@pytest.mark.parametrize("field", ["type", "message"])
def test_missing_field_is_400(shop: Project, field: str) -> None:
    answer = send(shop, page_error(**{field: None}))
    assert answer.status_code == 400
    assert answer.content == b'{"detail":"Missing required field: %s"}' % field.encode()


def test_body_that_is_no_object_is_400_and_large_one_413(shop: Project) -> None:
    assert send(shop, b"{").content == b'{"detail":"Invalid JSON"}'
    large = send(shop, page_error(message="x" * 64 * 1024))
    assert large.status_code == 413
    assert large.content == b'{"detail":"Request body exceeds maximum size"}'


def test_above_the_keys_limit_is_429(shop: Project, settings: Settings) -> None:
    settings.NATIVE_BROWSER_PER_MINUTE = 1
    assert send(shop).status_code == 201
    answer = send(shop)
    assert answer.status_code == 429
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_preflight_is_204_with_what_may_be_sent(shop: Project) -> None:
    for path in (PATH, PATH + "/"):
        answer = Client().options(
            path,
            headers={
                "Origin": ORIGIN,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type,x-monlight-key",
            },
        )
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Allow-Methods"] == "POST, OPTIONS"
        assert answer.headers["Access-Control-Allow-Headers"] == "X-Monlight-Key, Content-Type"
        assert answer.headers["Access-Control-Max-Age"] == "86400"


def test_every_answer_lets_its_page_read_it(shop: Project) -> None:
    for answer in (send(shop), send(shop, b"{"), send(shop, headers={"Origin": ORIGIN})):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_only_the_projects_origins_may_send(shop: Project) -> None:
    Project.objects.update(allowed_origins="https://shop.example")
    assert send(shop).headers["Access-Control-Allow-Origin"] == ORIGIN
    key = shop.keys.get().public_key
    answer = send(shop, headers={"X-Monlight-Key": key, "Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_hostile_origin_puts_nothing_into_the_headers(shop: Project) -> None:
    Project.objects.update(allowed_origins="*.example")
    key = shop.keys.get().public_key
    for origin in ("https://a.example\r\nSet-Cookie: x=1", "https://ä.example", "null"):
        answer = send(shop, headers={"X-Monlight-Key": key, "Origin": origin})
        assert answer.status_code in (201, 200, 403)
        assert "Set-Cookie" not in answer.headers


def test_dsn_keys_are_made_listed_and_revoked() -> None:
    native = Native()
    made = native.post("/api/dsn-keys", {"project": "Shop"})

    key = ProjectKey.objects.order_by("-pk").first()
    assert key
    assert made.status_code == 201
    assert made.content == b'{"public_key":"%s","project":"Shop"}' % key.public_key.encode()
    listed = json.loads(native.get("/api/dsn-keys").content)["keys"]
    assert listed[-1] == {
        "id": key.pk,
        "public_key": key.public_key,
        "project": "Shop",
        "active": True,
        "created_at": f"{key.created_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    gone = native.delete(f"/api/dsn-keys/{key.pk}")
    assert (gone.status_code, gone.content) == (200, b'{"status":"deactivated"}')
    assert json.loads(native.get("/api/dsn-keys/").content)["keys"][-1]["active"] is False


def test_a_projects_key_manages_only_its_dsn_keys(shop: Project) -> None:
    other = create_project(name="Billing", platform="go", owner=None)
    native = Native(shop)

    assert json.loads(native.post("/api/dsn-keys", {"project": "Billing"}).content)["project"] == (
        "Shop"
    )
    listed = json.loads(native.get("/api/dsn-keys").content)["keys"]
    assert {key["project"] for key in listed} == {"Shop"}
    answer = native.delete(f"/api/dsn-keys/{other.keys.get().pk}")
    assert (answer.status_code, answer.content) == (404, b'{"detail":"Not found"}')
    assert other.keys.get().is_active


def test_dsn_keys_need_a_key_that_opens_the_relay(shop: Project) -> None:
    native = Native(shop, areas=["errors"])
    for answer in (native.get("/api/dsn-keys"), native.post("/api/dsn-keys", {"project": "Shop"})):
        assert (answer.status_code, answer.content) == (401, b'{"detail":"Invalid API key"}')
    assert Native(shop, areas=["browser"]).report().status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"project":7}', b'{"project":""}'])
def test_bad_bodies_for_dsn_keys_are_400(body: bytes) -> None:
    assert Native().post("/api/dsn-keys", body).status_code == 400
