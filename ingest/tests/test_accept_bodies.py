"""Bodies, good and bad: whatever comes in gets its status, a cause, and costs bounded memory."""

import gzip
import json
import zlib
from collections.abc import Callable
from types import SimpleNamespace

import brotli
import pytest
import zstandard

from ingest.inbox.base import Message
from ingest.protocol.envelope import Envelope
from ingest.protocol.open import open_message
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.inboxes import MEBIBYTE
from ingest.tests.sending import EVENT_ID, Send, envelope_of, event_envelope

CODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("identity", bytes),
    ("gzip", gzip.compress),
    ("GZIP", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", lambda data: zlib.compress(data, wbits=-15)),
    ("br", brotli.compress),
    ("Zstd", zstandard.compress),
]
GOOD = event_envelope()
PAYLOAD = b'{"message":"boom"}'


def opened(message: Message) -> Envelope:
    return open_message(message, max_bytes=100 * MEBIBYTE)


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
def test_each_coding_is_opened_and_kept(
    send: Send,
    shop: Shop,
    inbox: ReadableInbox,
    coding: str,
    compress: Callable[[bytes], bytes],
) -> None:
    body = compress(GOOD)

    answer = send(shop.envelope, body, {**shop.auth, "Content-Encoding": coding})

    assert answer.json == {"id": EVENT_ID}
    (message,) = inbox.messages()
    assert message.body == body
    assert bytes(opened(message).items[0].payload) == b'{"message": "The shop is closed."}'


@pytest.mark.parametrize("coding", ["compress", "gzip, br", "lz4"])
def test_an_unknown_coding_is_415(send: Send, shop: Shop, coding: str) -> None:
    answer = send(shop.envelope, GOOD, {**shop.auth, "Content-Encoding": coding})

    assert answer.status == 415
    assert "gzip" in answer.json["detail"]


@pytest.mark.parametrize(("coding", "compress"), CODINGS[1:])
def test_truncated_compression_is_400(
    send: Send, shop: Shop, coding: str, compress: Callable[[bytes], bytes]
) -> None:
    answer = send(shop.envelope, compress(GOOD)[:-9], {**shop.auth, "Content-Encoding": coding})

    assert answer.status == 400
    assert answer.causes == "the compressed data ends too early"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_what_is_not_compressed_as_it_says_is_400(send: Send, shop: Shop, coding: str) -> None:
    answer = send(shop.envelope, GOOD, {**shop.auth, "Content-Encoding": coding})

    assert answer.status == 400
    assert answer.causes.startswith("the compressed data ")


@pytest.mark.parametrize(
    ("coding", "compress"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", lambda data: brotli.compress(data, quality=1)),
        ("zstd", zstandard.compress),
    ],
)
def test_a_bomb_is_413(
    send: Send, shop: Shop, coding: str, compress: Callable[[bytes], bytes]
) -> None:
    bomb = compress(bytes(100 * MEBIBYTE))

    answer = send(shop.envelope, bomb, {**shop.auth, "Content-Encoding": coding})

    assert answer.status == 413


@pytest.mark.parametrize("content_type", ["", "text/plain;charset=UTF-8", "application/json", "x"])
def test_any_content_type_is_an_envelope(send: Send, shop: Shop, content_type: str) -> None:
    headers = {**shop.auth, "Content-Type": content_type, "Accept": "application/xml"}

    assert send(shop.envelope, GOOD, headers).status == 200


GOOD_FRAMINGS = {
    "without length or last newline": (b'{}\n{"type":"event"}\n' + PAYLOAD, [PAYLOAD]),
    "with both": (b'{}\n{"type":"event","length":18}\n' + PAYLOAD + b"\n", [PAYLOAD]),
    "length null": (b'{}\n{"type":"event","length":null}\n' + PAYLOAD, [PAYLOAD]),
    "carriage returns": (b'{}\r\n{"type":"x"}\r\nab\r\n', [b"ab\r"]),
    "newlines inside a length": (b'{}\n{"type":"x","length":5}\na\nb\n\n', [b"a\nb\n\n"]),
    "unknown type": (b'{}\n{"type":"tomorrow"}\n?\n{"type":"event"}\n{}', [b"?", b"{}"]),
    "zero length": (b'{}\n{"type":"x","length":0}\n\n{"type":"y"}\n', [b"", b""]),
    "zero length at the end": (b'{}\n{"type":"x","length":0}', [b""]),
    "no items": (b"{}", []),
    "no items, newline": (b"{}\n", []),
    "blank lines at the end": (b'{}\n{"type":"x"}\na\n\n\n', [b"a"]),
    "byte-order mark": (b'\xef\xbb\xbf{}\n{"type":"x"}\na', [b"a"]),
    "nulls": (b'{"event_id":null,"dsn":null}\n{"type":"x"}\na', [b"a"]),
}


@pytest.mark.parametrize("name", GOOD_FRAMINGS)
def test_good_framing_is_kept(send: Send, shop: Shop, inbox: ReadableInbox, name: str) -> None:
    body, payloads = GOOD_FRAMINGS[name]

    answer = send(shop.envelope, body, shop.auth)

    assert (answer.status, answer.json) == (200, {})
    (message,) = inbox.messages()
    assert [bytes(item.payload) for item in opened(message).items] == payloads


BAD_FRAMINGS = {
    "empty": (b"", "envelope header: not JSON"),
    "only a newline": (b"\n", "envelope header: not JSON"),
    "malformed header": (b'{"event_id":\n{"type":"event"}\n{}', "envelope header: not JSON"),
    "a list as header": (b'[]\n{"type":"event"}\n{}', "envelope header: not an object"),
    "an event as it is": (b"hello", "envelope header: not JSON"),
    "malformed item header": (b'{}\n{"type"\n{}', "item header: not JSON"),
    "a list as item header": (b'{}\n["event"]\n{}', "item header: not an object"),
    "no type": (b'{}\n{"length":2}\n{}', "item header: no type"),
    "type is a number": (b'{}\n{"type":1}\n{}', "item header: no type"),
    "length is text": (b'{}\n{"type":"x","length":"2"}\n{}', "item header: length"),
    "length is true": (b'{}\n{"type":"x","length":true}\n{', "item header: length"),
    "length is negative": (b'{}\n{"type":"x","length":-1}\n{}', "item header: length"),
    "length is huge": (b'{}\n{"type":"x","length":99999999999999}\n{}', "2 sent"),
    "truncated payload": (b'{}\n{"type":"event","length":9}\n{}', "9 bytes announced, 2 sent"),
    "length without payload": (b'{}\n{"type":"event","length":9}', "9 bytes announced, 0 sent"),
    "length too short": (b'{}\n{"type":"event","length":1}\n{}', "no newline after"),
    "blank line between": (b'{}\n{"type":"x"}\na\n\n{"type":"x"}\na', "item header: not JSON"),
    "bad event id": (b'{"event_id":"none"}\n{"type":"event"}\n{}', "event_id"),
    "too many items": (b"{}\n" + b'{"type":"x"}\n\n' * 1001, "more than 1000 items"),
    "endless header": (b'{"a":"' + b"a" * 70_000 + b'"}\n', "longer than 65536 bytes"),
    "deep header": (b"[" * 50_000, "envelope header: not JSON"),
}


@pytest.mark.parametrize("name", BAD_FRAMINGS)
def test_bad_framing_is_400_and_names_its_cause(
    send: Send, shop: Shop, inbox: ReadableInbox, name: str
) -> None:
    body, cause = BAD_FRAMINGS[name]

    answer = send(shop.envelope, body, shop.auth)

    assert answer.status == 400
    assert answer.json["detail"] == "The envelope cannot be read."
    assert cause in answer.causes
    assert inbox.depth() == 0


def test_the_cause_names_the_offset(send: Send, shop: Shop) -> None:
    answer = send(shop.envelope, b'{}\n{"type":"event","length":9}\n{}', shop.auth)

    assert answer.json["causes"] == ["payload: 9 bytes announced, 2 sent (at byte 31)"]


@pytest.mark.parametrize(
    "payload",
    [
        b"{",
        b"[1, 2]",
        b"null",
        b"\xff\xfe",
        b'{"extra":' + b"[" * 5000 + b"]" * 5000 + b"}",
        rb'{"message":"\ud800","extra":{"a":NaN,"b":"\u0000"}}',
        b'{"timestamp":"tomorrow"}',
        json.dumps({"tags": [[f"k{number}", "v"] for number in range(50_000)]}).encode(),
    ],
)
def test_what_is_wrong_inside_an_event_is_for_the_digest(
    send: Send, shop: Shop, inbox: ReadableInbox, payload: bytes
) -> None:
    body = envelope_of({"event_id": EVENT_ID}, ({"type": "event", "length": len(payload)}, payload))

    answer = send(shop.envelope, body, shop.auth)

    assert (answer.status, answer.json) == (200, {"id": EVENT_ID})
    assert bytes(opened(inbox.messages()[0]).items[0].payload) == payload


@pytest.mark.parametrize("item_type", ["event", "transaction", "feedback"])
def test_an_event_over_the_limit_is_413(
    send: Send, shop: Shop, settings: SimpleNamespace, item_type: str
) -> None:
    settings.MAX_EVENT_BYTES = 1000
    body = envelope_of({}, ({"type": item_type}, b"x" * 1001))

    answer = send(shop.envelope, body, shop.auth)

    assert answer.status == 413
    assert answer.json["detail"] == f"The {item_type} is larger than 1000 bytes."
    assert send(shop.envelope, body.replace(b"xx", b"x", 1), shop.auth).status == 200


def test_an_attachment_may_be_larger_than_an_event(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    file = bytes(range(256)) * 8 * 1024
    attachment = {"type": "attachment", "length": len(file), "filename": "core.bin"}
    body = event_envelope() + envelope_of({}, (attachment, file)).partition(b"\n")[2]

    assert send(shop.envelope, body, shop.auth).status == 200
    (message,) = inbox.messages()
    assert message.body == body
    assert opened(message).items[1].payload == file


def test_a_body_over_the_limit_is_413(
    send: Send, shop: Shop, settings: SimpleNamespace, inbox: ReadableInbox
) -> None:
    settings.MAX_BODY_BYTES = 1024

    answer = send(shop.envelope, GOOD + b"\n" * 1024, shop.auth)

    assert answer.status == 413
    assert answer.json["detail"] == "The body is larger than 1024 bytes."
    assert inbox.depth() == 0


def test_an_opened_envelope_over_the_limit_is_413(
    send: Send, shop: Shop, settings: SimpleNamespace
) -> None:
    settings.MAX_ENVELOPE_BYTES = 4096
    body = gzip.compress(GOOD + b"\n" * 4096)

    answer = send(shop.envelope, body, {**shop.auth, "Content-Encoding": "gzip"})

    assert answer.status == 413
    assert "4096" in answer.causes


@pytest.mark.parametrize("written", [EVENT_ID.upper(), "9ec79c33-ec99-42ab-8353-589fcb2e04dc"])
def test_an_event_id_is_answered_in_one_form(
    send: Send, shop: Shop, inbox: ReadableInbox, written: str
) -> None:
    body = GOOD.replace(EVENT_ID.encode(), written.encode())

    assert send(shop.envelope, body, shop.auth).json == {"id": EVENT_ID}
    assert inbox.messages()[0].event_id == EVENT_ID
