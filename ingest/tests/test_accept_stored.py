"""`POST /api/v1/{project_id}/envelope/`: users, projects and tokens, the row of envelopes."""

import pytest

from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.sending import EVENT_ID, Send, envelope_of, event_envelope

BODY = event_envelope()


@pytest.fixture
def stored(shop: Shop) -> str:
    return shop.envelope.replace("/api/", "/api/v1/")


@pytest.mark.parametrize("slash", ["/", ""])
def test_the_answer_has_the_envelopes_number_and_the_events_id(
    send: Send, shop: Shop, stored: str, inbox: ReadableInbox, slash: str
) -> None:
    answer = send(stored.rstrip("/") + slash, BODY, shop.auth)
    (delivery,) = inbox.read(max_messages=10, max_bytes=10_000_000, linger_ms=0)
    assert answer.status == 200
    assert answer.body == (
        b'{"message":"Envelope stored successfully","envelope_id":%d,"id":"%s"}'
        % (delivery.row_id, EVENT_ID.encode())
    )
    assert delivery.message.body == BODY
    assert delivery.row_id < 2**53


def test_an_envelope_of_no_event_has_no_events_id(
    send: Send, shop: Shop, stored: str, inbox: ReadableInbox
) -> None:
    body = envelope_of({}, ({"type": "session"}, b"{}"))
    assert send(stored, body, shop.auth).json["id"] is None


@pytest.mark.parametrize("body", [b"no envelope", b"{}\n{}\nx", b"[]\n", b""])
def test_what_is_no_envelope_is_told_in_its_words(
    send: Send, shop: Shop, stored: str, inbox: ReadableInbox, body: bytes
) -> None:
    answer = send(stored, body, shop.auth)
    assert answer.status == 400
    assert answer.body == b'{"detail":"Invalid envelope format"}'
    assert inbox.depth() == 0


@pytest.mark.usefixtures("inbox")
def test_it_asks_for_the_same_key_as_the_other_address(send: Send, shop: Shop, stored: str) -> None:
    assert send(stored, BODY).status == 401
    assert send(stored.replace("/7/", "/8/"), BODY, shop.auth).status == 403
    assert send(f"{stored}?sentry_key={shop.key}", BODY).status == 200


@pytest.mark.usefixtures("inbox")
def test_only_posts_are_taken_and_never_redirected(send: Send, shop: Shop, stored: str) -> None:
    answer = send(stored, b"", shop.auth, method="GET")
    assert answer.status == 405
    assert answer.headers["allow"] == "POST, OPTIONS"
