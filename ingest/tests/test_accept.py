"""Who may send: each way to name a key, and what happens to those who have none."""

import base64
from types import SimpleNamespace

import pytest
from django.utils import timezone

from ingest.keys import key_cache
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.sending import EVENT_ID, Send, event_envelope
from projects.models import Project, ProjectKey

OTHER_KEY = "0" * 32


def test_an_envelope_is_kept_as_it_came(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    body = event_envelope()

    answer = send(shop.envelope, body, shop.auth)

    assert answer.status == 200
    assert answer.body == b'{"id":"%s"}' % EVENT_ID.encode()
    assert answer.headers["content-type"] == "application/json"
    (message,) = inbox.messages()
    assert message.body == body
    assert message.project_id == shop.known.project_id
    assert message.key_id == shop.known.key_id
    assert (message.kind, message.coding, message.event_id) == ("envelope", "", EVENT_ID)
    assert message.client_ip == "127.0.0.1"
    assert len(message.receipt) == 16


def ways_to_name(key: str) -> dict[str, tuple[str, dict[str, str], bytes]]:
    """Query, headers and body for each place where a key may stand."""
    body = event_envelope()
    basic = base64.b64encode(f"{key}:secret".encode()).decode()
    return {
        "header": ("", {"X-Sentry-Auth": f"Sentry sentry_key={key}, sentry_version=7"}, body),
        "header, old": (
            "",
            {"X-Sentry-Auth": f"sentry sentry_version=5,sentry_key={key},sentry_secret=abc"},
            body,
        ),
        "authorization": ("", {"Authorization": f"Sentry sentry_key={key}"}, body),
        "basic": ("", {"Authorization": f"Basic {basic}"}, body),
        "query": (f"?sentry_version=7&sentry_key={key}&sentry_client=x%2F1", {}, body),
        "dsn": ("", {}, event_envelope(dsn=f"https://{key}@errors.example/1")),
    }


@pytest.mark.parametrize("way", ways_to_name(""))
def test_a_key_is_found_wherever_an_sdk_puts_it(
    send: Send, shop: Shop, inbox: ReadableInbox, way: str
) -> None:
    query, headers, body = ways_to_name(shop.key)[way]
    body = body.replace(b"errors.example/1", b"errors.example/%d" % shop.known.project_id)

    assert send(shop.envelope + query, body, headers).status == 200
    assert inbox.depth() == 1


@pytest.mark.parametrize("way", ways_to_name(""))
def test_an_unknown_key_is_refused_wherever_it_stands(
    send: Send, shop: Shop, inbox: ReadableInbox, way: str
) -> None:
    query, headers, body = ways_to_name(OTHER_KEY)[way]
    body = body.replace(b"errors.example/1", b"errors.example/%d" % shop.known.project_id)

    assert send(shop.envelope + query, body, headers).status == 403
    assert inbox.depth() == 0


def test_one_key_in_many_places_is_one_key(send: Send, shop: Shop) -> None:
    body = event_envelope(dsn=f"https://{shop.key}@errors.example/{shop.known.project_id}")

    assert send(f"{shop.envelope}?sentry_key={shop.key}", body, shop.auth).status == 200


@pytest.mark.parametrize("way", [way for way in ways_to_name("") if way != "header"])
def test_keys_that_disagree_are_refused(send: Send, shop: Shop, way: str) -> None:
    query, headers, body = ways_to_name(OTHER_KEY)[way]
    body = body.replace(b"errors.example/1", b"errors.example/%d" % shop.known.project_id)
    if way == "header, old":
        headers = {"Authorization": headers["X-Sentry-Auth"]}

    answer = send(shop.envelope + query, body, {**shop.auth, **headers})

    assert answer.status == 401
    assert "disagree" in answer.json["detail"]


def test_a_request_without_a_key_is_unauthorised(send: Send, shop: Shop) -> None:
    answer = send(shop.envelope, event_envelope())

    assert answer.status == 401
    assert answer.json == {"detail": "The request names no public key.", "causes": []}
    assert answer.headers["x-sentry-error"] == "The request names no public key."


def test_whoever_names_no_key_learns_that_first(send: Send, shop: Shop) -> None:
    nothing = send(shop.envelope)
    assert nothing.status == 401
    assert nothing.causes.startswith("envelope header: not JSON")
    assert send(shop.store, b"nonsense").status == 401


@pytest.mark.parametrize(
    "key", ["", "abc", "A" * 32, "g" * 32, "a" * 33, "é" * 16, "a" * 31 + "%0A"]
)
def test_a_malformed_key_is_unauthorised(send: Send, shop: Shop, key: str) -> None:
    assert send(f"{shop.envelope}?sentry_key={key}", event_envelope()).status == 401


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic /w==", "Basic Og==", "Basic \xe9"])
def test_malformed_basic_authorization_is_unauthorised(send: Send, shop: Shop, header: str) -> None:
    answer = send(shop.envelope, event_envelope(), {"Authorization": header})

    assert answer.status == 401


def test_somebody_elses_authorization_does_not_matter(send: Send, shop: Shop) -> None:
    headers = {**shop.auth, "Authorization": "Bearer abc"}

    assert send(shop.envelope, event_envelope(), headers).status == 200


def test_a_revoked_key_is_refused(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    shop.change(is_active=False)

    answer = send(shop.envelope, event_envelope(), shop.auth)

    assert answer.status == 403
    assert "revoked" in answer.json["detail"]
    assert inbox.depth() == 0


@pytest.mark.parametrize("project_id", [8, 424242])
def test_a_key_opens_no_other_project(send: Send, shop: Shop, project_id: int) -> None:
    answer = send(f"/api/{project_id}/envelope/", event_envelope(), shop.auth)

    assert answer.status == 403
    assert answer.json["detail"] == "The public key is of another project."


def test_keys_come_from_the_database(
    send: Send, inbox: ReadableInbox, transactional_db: None
) -> None:
    project = Project.objects.create(name="Shop", slug="shop", short_prefix="SHOP")
    key = ProjectKey.objects.create(project=project)
    auth = {"X-Sentry-Auth": f"Sentry sentry_key={key.public_key}"}
    path = f"/api/{project.pk}/envelope/"
    key_cache.clear()

    assert send(path, event_envelope(), auth).status == 200
    ProjectKey.objects.update(revoked_at=timezone.now())
    key_cache.clear()
    assert send(path, event_envelope(), auth).status == 403
    assert [message.key_id for message in inbox.messages()] == [key.pk]


def test_a_dsn_of_another_project_disagrees(send: Send, shop: Shop) -> None:
    body = event_envelope(dsn=f"https://{shop.key}@errors.example/424242")

    assert send(shop.envelope, body, shop.auth).status == 401


@pytest.mark.parametrize("dsn", ["", 5, "nonsense", "https://[", ["https://a@b/1"]])
def test_a_dsn_that_says_nothing_is_no_key(send: Send, shop: Shop, dsn: object) -> None:
    assert send(shop.envelope, event_envelope(dsn=dsn), shop.auth).status == 200
    assert send(shop.envelope, event_envelope(dsn=dsn)).status == 401


@pytest.mark.parametrize("project", ["shop", "1.5", "-1", "9" * 30, "%C2%B2", "\u0661"])
def test_a_project_id_is_a_number(send: Send, shop: Shop, project: str) -> None:
    answer = send(f"/api/{project}/envelope/", event_envelope(), shop.auth)

    assert answer.status == 400
    assert "project id" in answer.json["detail"]


@pytest.mark.parametrize("endpoint", ["envelope", "store"])
def test_no_slash_at_the_end_is_no_redirect(send: Send, shop: Shop, endpoint: str) -> None:
    body = event_envelope() if endpoint == "envelope" else b"{}"
    path = getattr(shop, endpoint).rstrip("/")

    assert send(path, body, shop.auth).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_an_envelope_is_posted(send: Send, shop: Shop, method: str) -> None:
    answer = send(shop.envelope, b"", shop.auth, method=method)

    assert answer.status == 405
    assert answer.headers["allow"] == "POST, OPTIONS"


def test_the_address_behind_a_trusted_proxy_is_kept(
    send: Send, shop: Shop, inbox: ReadableInbox, settings: SimpleNamespace
) -> None:
    headers = {**shop.auth, "X-Forwarded-For": "6.6.6.6, 203.0.113.7, 10.0.0.2"}
    send(shop.envelope, event_envelope(), headers)
    settings.TRUSTED_PROXIES = ["127.0.0.1", "10.0.0.0/8"]
    send(shop.envelope, event_envelope(), headers)

    assert [message.client_ip for message in inbox.messages()] == ["127.0.0.1", "203.0.113.7"]
