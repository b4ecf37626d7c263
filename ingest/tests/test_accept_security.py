"""The reference's security and csp-report endpoints: each report an item, by any content type."""

import json

import pytest

from ingest.protocol.envelope import Item
from ingest.protocol.open import open_message
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.inboxes import MEBIBYTE
from ingest.tests.sending import JsonObject, Send

CSP: JsonObject = {"csp-report": {"document-uri": "https://shop.example/", "blocked-uri": "eval"}}
NEL: JsonObject = {"type": "network-error", "age": 7, "body": {"type": "dns.name_not_resolved"}}
VIOLATION: JsonObject = {"type": "csp-violation", "body": {"blockedURL": "inline"}}


def items_of(inbox: ReadableInbox) -> list[Item]:
    (message,) = inbox.messages()
    return open_message(message, max_bytes=MEBIBYTE).items


@pytest.mark.parametrize("name", ["security", "security/", "csp-report", "csp-report/"])
@pytest.mark.parametrize(
    "content_type",
    [
        "application/csp-report",
        "application/json",
        "application/expect-ct-report+json",
        "application/expect-staple-report",
        "application/reports+json",
        "Application/CSP-Report; charset=utf-8",
    ],
)
def test_a_report_is_taken_by_each_content_type(
    send: Send, shop: Shop, inbox: ReadableInbox, name: str, content_type: str
) -> None:
    body = json.dumps(CSP).encode()

    answer = send(f"/api/7/{name}?sentry_key={shop.key}", body, {"Content-Type": content_type})

    assert answer.status == 200
    assert len(answer.json["id"]) == 32
    assert answer.headers["access-control-allow-origin"] == "*"
    (item,) = items_of(inbox)
    assert (item.type, json.loads(bytes(item.payload))) == ("raw_security", CSP)


def test_the_address_names_release_and_environment(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    query = f"sentry_key={shop.key}&sentry_release=shop%401.2&sentry_environment=staging"
    headers = {"Content-Type": "application/csp-report", "User-Agent": "Firefox"}

    send(f"/api/7/security/?{query}", json.dumps(CSP).encode(), headers)

    (item,) = items_of(inbox)
    headers = {key: item.headers[key] for key in item.headers if key not in ("type", "length")}
    assert headers == {
        "sentry_release": "shop@1.2",
        "sentry_environment": "staging",
        "user_agent": "Firefox",
    }


def test_several_reports_of_one_body_are_items_of_their_own(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    headers = {**shop.auth, "Content-Type": "application/reports+json"}

    send("/api/7/security/", json.dumps([VIOLATION, NEL]).encode(), headers)

    assert [item.type for item in items_of(inbox)] == ["raw_security", "nel"]


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_another_content_type_is_415(
    send: Send, shop: Shop, inbox: ReadableInbox, content_type: str
) -> None:
    headers = {**shop.auth, "Content-Type": content_type} if content_type else shop.auth

    assert send("/api/7/csp-report/", json.dumps(CSP).encode(), headers).status == 415
    assert inbox.depth() == 0


@pytest.mark.parametrize("body", [b"", b"{", b"7", b"[]", b'["x"]', b'[{"type": "nel"}, 3]'])
def test_what_is_no_report_is_400(send: Send, shop: Shop, body: bytes) -> None:
    headers = {**shop.auth, "Content-Type": "application/reports+json"}
    assert send("/api/7/security/", body, headers).status == 400


def test_a_report_over_the_limit_is_413(send: Send, shop: Shop) -> None:
    body = b'{"csp-report": {"script-sample": "%s"}}' % (b"x" * MEBIBYTE)
    headers = {**shop.auth, "Content-Type": "application/csp-report"}
    assert send("/api/7/security/", body, headers).status == 413


def test_no_report_is_left_out_in_silence(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    headers = {**shop.auth, "Content-Type": "application/reports+json"}

    assert send("/api/7/security/", json.dumps([VIOLATION] * 1000).encode(), headers).status == 200
    assert len(items_of(inbox)) == 1000
    assert send("/api/7/security/", json.dumps([VIOLATION] * 1001).encode(), headers).status == 413


def test_reports_want_a_key(send: Send, shop: Shop) -> None:
    headers = {"Content-Type": "application/csp-report"}
    assert send("/api/7/security/", json.dumps(CSP).encode(), headers).status == 401
    assert send("/api/7/security/", headers=shop.auth, method="GET").status == 405


def test_a_page_may_ask_before_it_reports(send: Send, shop: Shop) -> None:
    answer = send("/api/7/security/", headers={"Origin": "https://shop.example"}, method="OPTIONS")

    assert answer.status == 200
    assert answer.headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert "content-type" in answer.headers["access-control-allow-headers"]
