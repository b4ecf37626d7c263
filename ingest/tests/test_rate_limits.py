"""Rate limits: 429 and the headers of it, by category, key, project and address.

Reference: sentry-protocol.md, "Rate limits".
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from common.sliding_window import Limit
from ingest.inbox.base import Message
from ingest.protocol.envelope import Envelope
from ingest.protocol.open import open_message
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.sending import (
    EVENT_ID,
    Send,
    envelope_of,
    event_envelope,
    send_to_shell,
    send_to_view,
    send_to_wsgi,
)
from projects.limits import set_limiter
from projects.limits.local import LocalLimiter
from projects.limits.shared import SharedLimiter
from projects.statistics import tally
from tests.servers import OwnRedis

MINUTE = Limit(2, 60)
EVENT = ({"type": "event"}, b'{"message":"The shop is closed."}')
SESSION = ({"type": "session", "beside": 1}, b'{"sid":"1"}')
CHECK_IN = ({"type": "check_in"}, b'{"monitor_slug":"night"}')
REPORT = ({"type": "client_report"}, b'{"discarded_events":[]}')
ATTACHMENT = ({"type": "attachment", "filename": "a.bin"}, b"\n\x00{")
LOGS = ({"type": "log", "item_count": 3}, b'{"items":[]}')


@pytest.fixture(autouse=True)
def clock() -> Iterator[SimpleNamespace]:
    """The limiter's time, in ms."""
    clock = SimpleNamespace(ms=0)
    set_limiter(LocalLimiter(lambda: clock.ms))
    yield clock
    set_limiter(None)


def opened(message: Message) -> Envelope:
    return open_message(message, max_bytes=10_000)


def of(*items: Any) -> bytes:
    return envelope_of({"event_id": EVENT_ID, "sdk": {"name": "x"}}, *items)


def test_a_full_window_is_429_with_the_exact_seconds(
    send: Send, shop: Shop, inbox: ReadableInbox, clock: SimpleNamespace
) -> None:
    """Row "429 with Retry-After and X-Sentry-Rate-Limits"."""
    shop.change(project_limit=MINUTE)
    for clock.ms in (0, 10_000):
        assert send(shop.envelope, event_envelope(), shop.auth).status == 200

    clock.ms = 12_001
    answer = send(shop.envelope, event_envelope(), shop.auth)

    assert answer.status == 429
    assert answer.headers["retry-after"] == "48"
    assert answer.headers["x-sentry-rate-limits"] == "48:error:project:rate_limit"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json["causes"] == ["error: limit of the project"]
    assert inbox.depth() == 2
    clock.ms = 60_000
    assert send(shop.envelope, event_envelope(), shop.auth).status == 200


def test_a_key_has_a_limit_of_its_own(send: Send, shop: Shop) -> None:
    shop.change(limit=Limit(1, 30), project_limit=MINUTE)
    send(shop.envelope, event_envelope(), shop.auth)

    answer = send(shop.envelope, event_envelope(), shop.auth)

    assert answer.headers["x-sentry-rate-limits"] == "30:error:key:rate_limit"


def test_no_limit_is_asked_where_none_is_set(
    send: Send, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LocalLimiter, "check", None)

    assert send(shop.envelope, event_envelope(), shop.auth).status == 200


def test_what_is_not_limited_of_an_envelope_is_kept(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    """Row "SDKs honour the header on any status, 200 included"."""
    shop.change(project_limit=Limit(1, 60))
    send(shop.envelope, of(EVENT), shop.auth)

    answer = send(shop.envelope, of(EVENT, SESSION, CHECK_IN), shop.auth)

    assert answer.status == 200
    assert answer.headers["x-sentry-rate-limits"] == "60:error:project:rate_limit"
    _, message = inbox.messages()
    kept = opened(message)
    assert kept.headers == {"event_id": EVENT_ID, "sdk": {"name": "x"}}
    assert [item.type for item in kept.items] == ["session", "check_in"]
    assert kept.items[0].headers["beside"] == 1
    assert [bytes(item.payload) for item in kept.items] == [SESSION[1], CHECK_IN[1]]


def test_an_event_takes_its_attachments_along(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    shop.change(project_limit=Limit(1, 60))
    send(shop.envelope, of(EVENT), shop.auth)

    answer = send(shop.envelope, of(EVENT, ({**ATTACHMENT[0], "length": 3}, b"\n\x00{")), shop.auth)

    assert answer.status == 429
    assert inbox.depth() == 1


def test_several_categories_are_named_in_one_header(send: Send, shop: Shop) -> None:
    shop.change(project_limit=Limit(1, 60))
    send(shop.envelope, of(EVENT, SESSION), shop.auth)

    answer = send(shop.envelope, of(EVENT, SESSION), shop.auth)

    assert answer.status == 429
    assert answer.headers["x-sentry-rate-limits"] == (
        "60:error:project:rate_limit, 60:session:project:rate_limit"
    )


@pytest.mark.parametrize("item", [REPORT, CHECK_IN])
def test_client_reports_and_check_ins_are_never_limited(send: Send, shop: Shop, item: Any) -> None:
    """Row "Client reports are never limited"."""
    shop.change(project_limit=Limit(1, 60))

    assert [send(shop.envelope, of(item), shop.auth).status for _ in range(4)] == [200] * 4


def test_a_container_counts_what_it_holds(send: Send, shop: Shop) -> None:
    shop.change(project_limit=Limit(4, 60))

    statuses = [send(shop.envelope, of(LOGS), shop.auth).status for _ in range(2)]

    assert statuses == [200, 429]


def test_store_is_limited_like_envelopes(send: Send, shop: Shop) -> None:
    shop.change(project_limit=Limit(1, 60))
    send(shop.envelope, of(EVENT), shop.auth)

    answer = send(shop.store, b'{"message":"x"}', shop.auth)

    assert answer.headers["x-sentry-rate-limits"] == "60:error:project:rate_limit"
    transaction = send(shop.store, b'{"type":"transaction"}', shop.auth)
    assert transaction.status == 200


def test_nobody_without_the_key_uses_up_a_projects_limit(send: Send, shop: Shop) -> None:
    shop.change(project_limit=Limit(1, 60))
    stranger = {"X-Sentry-Auth": f"Sentry sentry_key={'0' * 32}"}
    for _ in range(5):
        assert send(shop.envelope, event_envelope(), stranger).status == 403
        assert send(shop.envelope, b"{broken", shop.auth).status == 400

    assert send(shop.envelope, event_envelope(), shop.auth).status == 200


def test_an_address_is_limited_before_its_key_is_looked_at(
    send: Send, shop: Shop, settings: SimpleNamespace
) -> None:
    settings.MAX_REQUESTS_PER_ADDRESS = 2
    stranger = {"X-Sentry-Auth": f"Sentry sentry_key={'0' * 32}"}
    statuses = [send(shop.envelope, event_envelope(), stranger).status for _ in range(3)]

    assert statuses == [403, 403, 429]
    answer = send(shop.envelope, event_envelope(), shop.auth)
    assert answer.headers["x-sentry-rate-limits"] == "60::organization:address"
    assert answer.headers["retry-after"] == "60"


def test_a_check_in_over_http_is_never_429(
    send: Send, shop: Shop, settings: SimpleNamespace
) -> None:
    """Row "cron: answers 202, never 429"."""
    settings.MAX_REQUESTS_PER_ADDRESS = 1
    shop.change(project_limit=Limit(1, 60), limit=Limit(1, 60))
    path = f"/api/7/cron/night/{shop.key}/?status=ok"

    assert [send(path, method="GET").status for _ in range(4)] == [202] * 4


def test_addresses_of_one_ipv6_network_are_one(
    shop: Shop, inbox: ReadableInbox, settings: SimpleNamespace
) -> None:
    settings.MAX_REQUESTS_PER_ADDRESS = 1
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    statuses = [
        send_to_wsgi(shop.envelope, event_envelope(), {**shop.auth, "X-Forwarded-For": address})
        for address in ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")
    ]

    assert [answer.status for answer in statuses] == [200, 429, 200]


def test_a_preflight_is_no_request_of_an_address(
    send: Send, shop: Shop, settings: SimpleNamespace
) -> None:
    settings.MAX_REQUESTS_PER_ADDRESS = 1
    for _ in range(3):
        assert send(shop.envelope, b"", {"Origin": "https://x.example"}, "OPTIONS").status == 200

    assert send(shop.envelope, event_envelope(), shop.auth).status == 200


@pytest.mark.redis
def test_every_shell_asks_redis_where_there_is_one(
    send: Send, shop: Shop, inbox: ReadableInbox, redis_server: OwnRedis, settings: SimpleNamespace
) -> None:
    set_limiter(SharedLimiter(redis_server.url()))
    settings.MAX_REQUESTS_PER_ADDRESS = 4
    shop.change(project_limit=MINUTE)

    answers = [send(shop.envelope, event_envelope(), shop.auth) for _ in range(5)]

    assert [answer.status for answer in answers] == [200, 200, 429, 429, 429]
    limited = answers[3].headers["x-sentry-rate-limits"]
    assert limited.split(":")[1:] == ["error", "project", "rate_limit"]
    assert answers[4].headers["x-sentry-rate-limits"].endswith("::organization:address")


@pytest.mark.parametrize("shell", [send_to_view, send_to_shell, send_to_wsgi])
def test_thirty_two_connections_let_exactly_the_limit_pass(
    shop: Shop, inbox: ReadableInbox, shell: Send
) -> None:
    if shell is send_to_view:
        shell(shop.envelope, event_envelope(), shop.auth)
        inbox.messages()
        set_limiter(LocalLimiter())
    shop.change(project_limit=Limit(20, 60))
    with ThreadPoolExecutor(32) as threads:
        answers = list(
            threads.map(lambda _: shell(shop.envelope, event_envelope(), shop.auth), range(64))
        )

    assert sorted(answer.status for answer in answers) == [200] * 20 + [429] * 44
    assert inbox.depth() == 20


def test_what_cannot_be_written_again_goes_as_a_whole(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    """A header that is nearly too long, and is so with a length."""
    shop.change(project_limit=Limit(1, 60))
    send(shop.envelope, of(EVENT), shop.auth)
    line = b'{"type":"session","x":"%s"}' % (b"y" * (64 * 1024 - 30))
    body = of(EVENT) + line + b"\n{}\n"

    assert send(shop.envelope, body, shop.auth).status == 429
    assert inbox.depth() == 1
    assert sum(tally.pending().values()) == 2


def test_a_limit_survives_in_what_the_digest_reads(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    shop.change(project_limit=Limit(1, 60))
    send(shop.envelope, of(EVENT), shop.auth)
    large = ({"type": "feedback"}, json.dumps({"x": "y" * 5_000}).encode())

    send(shop.envelope, of(EVENT, large), shop.auth)

    message = inbox.messages()[1]
    assert (message.coding, message.kind, message.event_id) == ("zstd", "envelope", EVENT_ID)
    assert len(message.body) < 1_000
