"""The store endpoint: one event, in each of the forms that old SDKs send."""

import base64
import gzip
import json
import zlib
from urllib.parse import quote

import pytest

from ingest.answers import PIXEL
from ingest.protocol.open import open_message
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.inboxes import MEBIBYTE
from ingest.tests.sending import EVENT_ID, Send, event_envelope

EVENT = b'{"event_id": "%s", "message": "The shop is closed?>"}' % EVENT_ID.encode()
PACKED = zlib.compress(EVENT * 1)

FORMS: dict[str, tuple[bytes, dict[str, str]]] = {
    "JSON": (EVENT, {}),
    "JSON, gzip": (gzip.compress(EVENT), {"Content-Encoding": "gzip"}),
    "JSON after space": (b" \n" + EVENT, {}),
    "base64": (base64.b64encode(EVENT), {}),
    "base64 in lines": (base64.encodebytes(EVENT), {}),
    "base64 for URLs": (base64.urlsafe_b64encode(EVENT).rstrip(b"="), {}),
    "base64, zlib": (base64.b64encode(zlib.compress(EVENT)), {}),
    "base64, zlib, gzip": (
        gzip.compress(base64.b64encode(zlib.compress(EVENT))),
        {"Content-Encoding": "gzip"},
    ),
}


def digested(inbox: ReadableInbox) -> list[bytes]:
    """The events' JSON as the digest will see it."""
    envelopes = [open_message(message, max_bytes=MEBIBYTE) for message in inbox.messages()]
    return [bytes(envelope.items[0].payload) for envelope in envelopes]


@pytest.mark.parametrize("form", FORMS)
def test_an_event_is_taken_in_each_form(
    send: Send, shop: Shop, inbox: ReadableInbox, form: str
) -> None:
    body, headers = FORMS[form]

    answer = send(shop.store, body, {**shop.auth, **headers})

    assert (answer.status, answer.json) == (200, {"id": EVENT_ID})
    assert [event.strip() for event in digested(inbox)] == [EVENT]


def test_an_envelope_may_come_by_its_content_type(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    headers = {**shop.auth, "Content-Type": "application/x-sentry-envelope; charset=utf-8"}

    assert send(shop.store, event_envelope(), headers).json == {"id": EVENT_ID}
    assert inbox.messages()[0].kind == "envelope"


def test_a_missing_event_id_is_made_from_the_receipt(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    for body in (b"{}", b'{"event_id": 7}', b'{"event_id": "none"}'):
        answer = send(shop.store, body, shop.auth)
        (message,) = inbox.messages()
        assert answer.json == {"id": message.event_id}
        assert message.event_id == message.receipt.hex()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"hello", b"a", b"====", b'{"a":1}x', b"\x00\x01", base64.b64encode(b"hello")],
)
def test_what_is_no_event_is_400(send: Send, shop: Shop, body: bytes) -> None:
    answer = send(shop.store, body, shop.auth)

    assert answer.status == 400
    assert answer.json["causes"]


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"7", b"null", b'[{"message":"a"}]'])
def test_json_that_is_no_object_is_400(send: Send, shop: Shop, body: bytes) -> None:
    assert send(shop.store, body, shop.auth).status == 400


@pytest.mark.parametrize(
    "body",
    [
        rb'{"message":"\ud800","extra":{"a":NaN,"b":Infinity,"c":"\u0000"}}',
        b'{"extra":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'\xef\xbb\xbf{"message":"marked"}',
        json.dumps({"tags": [[f"k{number}", "v"] for number in range(50_000)]}).encode(),
    ],
)
def test_what_the_digest_can_mend_is_taken(send: Send, shop: Shop, body: bytes) -> None:
    assert send(shop.store, body, shop.auth).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":"%s"}' % (b"x" * MEBIBYTE),
        base64.b64encode(b'{"a":"%s"}' % (b"x" * MEBIBYTE)),
        base64.b64encode(zlib.compress(b'{"a":"%s"}' % (b"x" * MEBIBYTE))),
        base64.b64encode(zlib.compress(bytes(200 * MEBIBYTE))),
    ],
)
def test_an_event_over_the_limit_is_413(send: Send, shop: Shop, body: bytes) -> None:
    assert send(shop.store, body, shop.auth).status == 413


@pytest.mark.parametrize("event", [EVENT, zlib.compress(EVENT)])
def test_an_image_address_can_hold_an_event(
    send: Send, shop: Shop, inbox: ReadableInbox, event: bytes
) -> None:
    data = quote(base64.b64encode(event), safe="+/")
    path = f"{shop.store}?sentry_version=7&sentry_key={shop.key}&sentry_data={data}"

    answer = send(path, method="GET")

    assert (answer.status, answer.headers["content-type"]) == (200, "image/gif")
    assert answer.body == PIXEL
    assert digested(inbox) == [EVENT]


def test_an_image_address_without_an_event_is_400(send: Send, shop: Shop) -> None:
    answer = send(f"{shop.store}?sentry_key={shop.key}", method="GET")

    assert answer.status == 400
    assert answer.json["detail"] == "The query holds no sentry_data."


def test_store_wants_a_key_too(send: Send, shop: Shop) -> None:
    assert send(shop.store, EVENT).status == 401
    assert send(shop.store, EVENT, method="PUT").status == 405
