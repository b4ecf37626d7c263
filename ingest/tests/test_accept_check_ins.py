"""The reference's cron endpoint: check-ins by GET and POST, with the key in the address or not."""

import json

import pytest

from common.sliding_window import Limit
from ingest.protocol.open import open_message
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.inboxes import MEBIBYTE
from ingest.tests.sending import JsonObject, Send

CHECK_IN_ID = "8f8a2c4e1d7b4b0f9f0a6c5d4e3b2a10"


def check_ins(inbox: ReadableInbox) -> list[JsonObject]:
    """The payloads of what is in the inbox, each an item of its own envelope."""
    items = [open_message(one, max_bytes=MEBIBYTE).items for one in inbox.messages()]
    assert all(item.type == "check_in" for (item,) in items)
    return [json.loads(bytes(item.payload)) for (item,) in items]


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_check_in_by_its_address_alone_is_202(
    send: Send, shop: Shop, inbox: ReadableInbox, method: str, slash: str
) -> None:
    path = f"/api/7/cron/nightly-import/{shop.key}{slash}?status=ok&duration=12.5&environment=night"

    answer = send(path, method=method)

    assert (answer.status, answer.json) == (202, {})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert check_ins(inbox) == [
        {
            "check_in_id": "0" * 32,
            "monitor_slug": "nightly-import",
            "status": "ok",
            "duration": 12.5,
            "environment": "night",
        }
    ]


def test_the_key_may_stand_wherever_else_a_key_may(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    path = f"/api/7/cron/nightly?status=in_progress&check_in_id={CHECK_IN_ID}"

    assert send(path, headers=shop.auth).status == 202
    assert send(f"{path}&sentry_key={shop.key}", method="GET").status == 202
    assert [one["check_in_id"] for one in check_ins(inbox)] == [CHECK_IN_ID] * 2


def test_a_json_body_brings_the_monitors_schedule(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    config = {"schedule": {"type": "crontab", "value": "0 3 * * *"}, "checkin_margin": 5}
    body = json.dumps({"status": "in_progress", "monitor_config": config}).encode()
    headers = {"Content-Type": "application/json"}

    assert send(f"/api/7/cron/nightly/{shop.key}/", body, headers).status == 202
    (check_in,) = check_ins(inbox)
    assert (check_in["status"], check_in["monitor_config"]) == ("in_progress", config)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "status=missed",
        "status=",
        "status=ok&check_in_id=first",
        "status=ok&duration=soon",
        "status=ok&duration=-1",
        "status=ok&duration=inf",
        "status=ok&duration=nan",
    ],
)
def test_what_says_nothing_of_a_job_is_400(send: Send, shop: Shop, query: str) -> None:
    assert send(f"/api/7/cron/nightly/{shop.key}/?{query}", method="GET").status == 400


def test_a_monitors_name_is_a_slug(send: Send, shop: Shop) -> None:
    for slug in ("a" * 51, "a%20b", "a.b"):
        answer = send(f"/api/7/cron/{slug}/?status=ok", headers=shop.auth)
        assert (answer.status, "monitor" in answer.json["detail"]) == (400, True)


def test_a_check_in_is_never_limited(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    shop.change(project_limit=Limit(1, 60), limit=Limit(1, 60))

    for _ in range(3):
        assert send(f"/api/7/cron/nightly/{shop.key}/?status=ok", method="GET").status == 202
    assert inbox.depth() == 3


def test_a_check_in_wants_a_key(send: Send, shop: Shop) -> None:
    path = "/api/7/cron/nightly/?status=ok"
    assert send(path).status == 401
    assert send("/api/7/cron/nightly/short/?status=ok").status == 401
    assert send(f"/api/7/cron/nightly/{'0' * 32}/?status=ok").status == 403
    assert send(f"/api/7/cron/nightly/{'0' * 32}/?status=ok", headers=shop.auth).status == 401
    assert send(f"/api/8/cron/nightly/{shop.key}/?status=ok").status == 403
    assert send(f"/api/shop/cron/nightly/{shop.key}/?status=ok").status == 400
    assert send(path, headers=shop.auth, method="PUT").status == 405
