"""The ingestion contract row by row: authentication, compression, framing, answers, rate limits.

Each test's docstring begins with the section and names its row in sentry-protocol.md. What has
more to it has a file of its own (test_accept*, test_cors, test_envelope, test_rate_limits).
"""

import base64
import gzip
import io
import json
import zlib
from typing import Any

import brotli
import pytest
import zstandard

from common.sliding_window import Limit
from errors.models import Event
from ingest.digest import digest_batch
from ingest.inbox.base import Message
from ingest.inbox.sqlite import SqliteInbox
from ingest.protocol.envelope import Envelope
from ingest.protocol.open import open_message
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.messages import make_event, make_project, make_raw_message, put
from ingest.tests.sending import (
    EVENT_ID,
    Send,
    drive_wsgi,
    envelope_of,
    environ_of,
    event_envelope,
)

Headers = dict[str, str]


def opened(message: Message) -> Envelope:
    return open_message(message, max_bytes=100_000)


def only(inbox: ReadableInbox) -> Message:
    (message,) = inbox.messages()
    return message


# Authentication.


def named_keys(key: str) -> dict[str, tuple[str, Headers, str]]:
    """Query, headers and the envelope's DSN for each place of a key, as SDKs write it."""
    basic = base64.b64encode(f"{key}:".encode()).decode()
    full = f"Sentry sentry_key={key}, sentry_version=7, sentry_client=a/1, sentry_secret=b"
    return {
        "X-Sentry-Auth": ("", {"X-Sentry-Auth": full}, ""),
        "Authorization: Sentry": ("", {"Authorization": full}, ""),
        "HTTP Basic": ("", {"Authorization": f"Basic {basic}"}, ""),
        "query": (f"?sentry_key={key}&sentry_version=7", {}, ""),
        "dsn": ("", {}, f"https://{key}@errors.example/7"),
        "dsn with a secret": ("", {}, f"https://{key}:secret@errors.example/7"),
        "dsn below a path": ("", {}, f"https://{key}@errors.example/tracker/7"),
    }


@pytest.mark.parametrize("place", named_keys(""))
def test_key_from_any_place(send: Send, shop: Shop, inbox: ReadableInbox, place: str) -> None:
    """Authentication: "Key from, in any of"; "A DSN can carry a path prefix and a secret"."""
    query, headers, dsn = named_keys(shop.key)[place]
    body = event_envelope(dsn=dsn) if dsn else event_envelope()

    assert send(shop.envelope + query, body, headers).status == 200
    assert only(inbox).key_id == shop.known.key_id


@pytest.mark.parametrize(
    ("change", "query", "status"),
    [
        ({}, f"?sentry_key={'0' * 32}", 401),
        ({"is_active": False}, "", 403),
        ({"project_id": 8}, "", 403),
    ],
)
def test_keys_that_do_not_open(
    send: Send, shop: Shop, change: dict[str, Any], query: str, status: int
) -> None:
    """Authentication: "Two that disagree: 401 … disabled or foreign key: 403"."""
    shop.change(**change)

    assert send(shop.envelope + query, event_envelope(), shop.auth).status == status


@pytest.mark.parametrize(
    ("key", "status"), [("", 401), ("a" * 31, 401), ("A" * 32, 401), ("0" * 32, 403)]
)
def test_keys_that_are_none_or_unknown(send: Send, shop: Shop, key: str, status: int) -> None:
    """Authentication: "None or malformed: 401. Unknown: 403"; "32 lower-case hex digits"."""
    headers = {"X-Sentry-Auth": f"Sentry sentry_key={key}"} if key else {}

    assert send(shop.envelope, event_envelope(), headers).status == status


def test_a_bad_project_id(send: Send, shop: Shop) -> None:
    """Authentication: "Bad project id: 400"."""
    assert send("/api/shop/envelope/", event_envelope(), shop.auth).status == 400


# Compression.


def raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


@pytest.mark.parametrize("is_upper", [False, True])
@pytest.mark.parametrize(
    ("coding", "write"),
    [
        ("identity", bytes),
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("br", brotli.compress),
        ("zstd", zstandard.compress),
    ],
)
def test_every_coding(
    send: Send, shop: Shop, inbox: ReadableInbox, coding: str, write: Any, is_upper: bool
) -> None:
    """Compression: "identity, gzip, deflate (both), br, zstd; upper or lower case"."""
    name = coding.upper() if is_upper else coding
    headers = {**shop.auth, "Content-Encoding": name}

    assert send(shop.envelope, write(event_envelope()), headers).status == 200
    assert opened(only(inbox)).items[0].type == "event"


def test_a_body_without_a_length(shop: Shop, inbox: ReadableInbox) -> None:
    """Compression: "also chunked transfer encoding without a length"."""
    environ = environ_of(shop.envelope, shop.auth)

    assert drive_wsgi(environ, io.BytesIO(event_envelope())).status == 200


def test_a_browser_sends_without_a_preflight(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    """Compression: "Browsers send uncompressed text/plain with the key in the query"."""
    headers = {"Content-Type": "text/plain;charset=UTF-8", "Origin": "https://shop.example"}
    query = f"?sentry_version=7&sentry_key={shop.key}&sentry_client=sentry.javascript.browser"

    answer = send(shop.envelope + query, event_envelope(), headers)

    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"


# Framing.


@pytest.mark.parametrize(
    ("body", "payloads"),
    [
        (b'{}\n{"type":"event"}\n{"a":1}', [b'{"a":1}']),
        (b'{}\n{"type":"event"}\n{"a":1}\n', [b'{"a":1}']),
        (b'{}\n{"type":"event","length":7}\n{"a":1}\n', [b'{"a":1}']),
        (b'{}\n{"type":"attachment","length":4}\n\n\r\n\r\n', [b"\n\r\n\r"]),
        (b'{}\n{"type":"attachment"}\na\r\n', [b"a\r"]),
        (b'{}\n{"type":"attachment","length":0}\n\n', [b""]),
        (b"{}", []),
        (b'{"sdk":{"name":"x"},"trace":{},"of_tomorrow":1}\n', []),
    ],
)
def test_envelopes_that_are_read(
    send: Send, shop: Shop, inbox: ReadableInbox, body: bytes, payloads: list[bytes]
) -> None:
    """Framing: with and without length and last newline; "\\r belongs to the payload"; empty."""
    assert send(shop.envelope, body, shop.auth).status == 200
    assert [bytes(item.payload) for item in opened(only(inbox)).items] == payloads


@pytest.mark.parametrize(
    "body",
    [
        b'{}\n{"length":2}\n{}',
        b'{}\n{"type":"event","length":9}\n{}',
        b'{}\n{"type":"event","length":2}\n{}{}\n',
        b"[]\n",
        b"no envelope",
    ],
)
def test_envelopes_that_are_none(send: Send, shop: Shop, body: bytes) -> None:
    """Framing: "An item header needs type"; "\\n or the end must follow"; truncated is 400."""
    assert send(shop.envelope, body, shop.auth).status == 400


def test_an_item_of_tomorrow_is_no_fault(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    """Framing: "An unknown item type is skipped, the rest is kept, the answer is 200"."""
    body = envelope_of({}, ({"type": "of_tomorrow"}, b"x"), ({"type": "event", "new": 1}, b"{}"))

    assert send(shop.envelope, body, shop.auth).status == 200
    assert opened(only(inbox)).items[1].headers["new"] == 1


@pytest.mark.django_db
def test_the_envelopes_event_id_wins(inbox: SqliteInbox) -> None:
    """Framing: "The envelope's event_id wins over the payload's"."""
    body = event_envelope(make_event(), event_id=EVENT_ID)
    put(inbox, make_raw_message(make_project(), body, event_id=EVENT_ID))

    digest_batch(inbox)

    assert Event.objects.get().event_id.hex == EVENT_ID


@pytest.mark.django_db
def test_a_second_event_is_no_issue(inbox: SqliteInbox) -> None:
    """Framing: "At most one of event and transaction per envelope"."""
    items = [({"type": "event"}, json.dumps(make_event()).encode()) for _ in range(2)]
    put(inbox, make_raw_message(make_project(), envelope_of({}, *items)))

    digest_batch(inbox)

    assert Event.objects.count() == 1


# Answers.


def test_an_answer_names_the_event(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    """Answers: '200 {"id":"<32 hex>"}, or {} without an event id'."""
    assert (
        send(shop.envelope, event_envelope(), shop.auth).body == b'{"id":"%s"}' % EVENT_ID.encode()
    )
    assert send(shop.envelope, b"{}", shop.auth).body == b"{}"


def test_a_refusal_says_why(send: Send, shop: Shop) -> None:
    """Answers: 'Errors: {"detail":"…","causes":["…"]} and the header X-Sentry-Error'."""
    answer = send(shop.envelope, b"{}\n[]", shop.auth)

    assert set(answer.json) == {"detail", "causes"}
    assert answer.headers["x-sentry-error"] == answer.json["detail"]


def test_too_large(send: Send, shop: Shop, settings: Any) -> None:
    """Answers: "413 too large"."""
    settings.MAX_BODY_BYTES = 1024

    assert send(shop.envelope, b"x" * 2000, shop.auth).status == 413


def test_overloaded(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    """Answers: "503 with Retry-After when overloaded"."""
    inbox._max_bytes = 0
    answer = send(shop.envelope, event_envelope(), shop.auth)

    assert (answer.status, answer.headers["retry-after"].isdecimal()) == (503, True)


ORIGIN = "https://shop.example"


@pytest.mark.parametrize(
    ("method", "path", "body", "limit", "status"),
    [
        ("POST", "/api/7/envelope/", event_envelope(), None, 200),
        ("POST", "/api/7/envelope/", b"[]", None, 400),
        ("POST", "/api/8/envelope/", b"{}", None, 403),
        ("PUT", "/api/7/envelope/", b"{}", None, 405),
        ("POST", "/api/7/security/", b"{}", None, 415),
        ("POST", "/api/7/envelope/", event_envelope(), Limit(1, 60), 429),
    ],
)
def test_a_browser_reads_every_answer(
    send: Send, shop: Shop, inbox: ReadableInbox,
    method: str, path: str, body: bytes, limit: Limit | None, status: int,
) -> None:  # fmt: skip
    """Answers: "Every answer, errors too, carries the CORS headers"; origin: the allowed ones."""
    shop.change(allowed_origins=(ORIGIN,), limit=limit)
    headers = {**shop.auth, "Origin": ORIGIN}
    send(path, b"", headers, "OPTIONS")
    if limit:
        send(path, body, headers, method)

    answer = send(path, body, headers, method)

    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    exposed = set(answer.headers["access-control-expose-headers"].split(", "))
    assert exposed == {"x-sentry-error", "x-sentry-rate-limits", "retry-after"}
    assert "origin" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/api/7/envelope/", "POST, OPTIONS"), ("/api/7/store/", "GET, POST, OPTIONS")],
)
def test_a_preflight(send: Send, shop: Shop, path: str, methods: str) -> None:
    """Answers: "CORS: … methods …; allowed headers …; max age 3600"."""
    answer = send(path, b"", {"Origin": ORIGIN}, "OPTIONS")

    assert answer.headers["access-control-allow-methods"] == methods
    assert answer.headers["access-control-max-age"] == "3600"
    allowed = set(answer.headers["access-control-allow-headers"].split(", "))
    assert {
        "x-sentry-auth",
        "content-type",
        "content-encoding",
        "baggage",
        "sentry-trace",
    } < allowed


# Rate limits: test_rate_limits has the rest.


def test_seconds_are_whole(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    """Rate limits: "429 with Retry-After: <integer seconds> and X-Sentry-Rate-Limits"."""
    shop.change(limit=Limit(1, 60))
    send(shop.envelope, event_envelope(), shop.auth)
    answer = send(shop.envelope, event_envelope(), shop.auth)

    seconds, categories, scope, reason = answer.headers["x-sentry-rate-limits"].split(":")
    assert (answer.status, categories, scope, reason) == (429, "error", "key", "rate_limit")
    assert 59 <= int(seconds) <= 60
    assert answer.headers["retry-after"] == seconds


CATEGORY_OF_ITEM = {
    "event": "error",
    "transaction": "transaction",
    "raw_security": "security",
    "attachment": "attachment",
    "session": "session",
    "sessions": "session",
    "profile": "profile",
    "replay_event": "replay",
    "span": "span",
    "feedback": "feedback",
    "user_report": "feedback",
    "log": "log_item",
    "trace_metric": "trace_metric",
    "of_tomorrow": "default",
}


@pytest.mark.parametrize("item_type", CATEGORY_OF_ITEM)
def test_each_item_has_its_category(
    send: Send, shop: Shop, inbox: ReadableInbox, item_type: str
) -> None:
    """Rate limits: "Categories: default, error, transaction, …"."""
    shop.change(limit=Limit(1, 60))
    body = envelope_of({}, ({"type": item_type}, b"{}"))
    send(shop.envelope, body, shop.auth)

    header = send(shop.envelope, body, shop.auth).headers["x-sentry-rate-limits"]

    assert header.split(":")[1] == CATEGORY_OF_ITEM[item_type]
