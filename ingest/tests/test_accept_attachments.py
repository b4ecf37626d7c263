"""The reference's attachments endpoint: files for an event that was sent before."""

import pytest

from ingest.protocol.open import open_message
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.forms import FORM, form_of
from ingest.tests.inboxes import MEBIBYTE
from ingest.tests.sending import EVENT_ID, Send

PATH = f"/api/7/events/{EVENT_ID}/attachments"


@pytest.mark.parametrize("slash", ["", "/"])
def test_files_are_taken_for_the_event_that_the_address_names(
    send: Send, shop: Shop, inbox: ReadableInbox, slash: str
) -> None:
    body = form_of(("a", "a.log", b"one"), ("b", "b.bin", b"\r\n\xff\x00"), ("field", None, b"no"))

    answer = send(PATH + slash, body, {**shop.auth, **FORM})

    assert (answer.status, answer.json) == (200, {"id": EVENT_ID})
    (message,) = inbox.messages()
    envelope = open_message(message, max_bytes=MEBIBYTE)
    assert envelope.headers == {"event_id": EVENT_ID}
    assert [(item.headers["filename"], bytes(item.payload)) for item in envelope.items] == [
        ("a.log", b"one"),
        ("b.bin", b"\r\n\xff\x00"),
    ]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (form_of(("a", None, b"no file")), FORM, 400),
        (form_of(), FORM, 400),
        (b"", FORM, 400),
        (form_of(("a", "a.log", b"one")), {}, 400),
        (form_of(("a", "a.log", b"one")), {"Content-Type": "multipart/form-data"}, 400),
        (form_of(*((f"f{i}", "a", b"") for i in range(31))), FORM, 413),
        (form_of(("a", "a" * 9000, b"one")), FORM, 413),
    ],
)
def test_a_form_without_files_or_with_too_many_is_refused(
    send: Send, shop: Shop, inbox: ReadableInbox, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert send(PATH, body, {**shop.auth, **headers}).status == status
    assert inbox.depth() == 0


def test_an_event_id_that_is_none_is_400(send: Send, shop: Shop) -> None:
    body = form_of(("a", "a.log", b"one"))
    assert send("/api/7/events/last/attachments/", body, {**shop.auth, **FORM}).status == 400


def test_attachments_want_a_key(send: Send, shop: Shop) -> None:
    assert send(PATH, form_of(("a", "a.log", b"one")), FORM).status == 401
    assert send(PATH, headers=shop.auth, method="GET").status == 405
