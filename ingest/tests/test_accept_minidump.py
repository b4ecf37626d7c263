"""The reference's minidump endpoint: an event and its dump from one form."""

import json
from uuid import UUID

import msgpack
import pytest

from ingest.protocol.envelope import Envelope
from ingest.protocol.open import open_message
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.forms import FORM, form_of, make_minidump
from ingest.tests.inboxes import MEBIBYTE
from ingest.tests.sending import EVENT_ID, JsonObject, Send

PATH = "/api/7/minidump"
DUMP = ("upload_file_minidump", "crash.dmp", make_minidump())


def only_envelope(inbox: ReadableInbox) -> Envelope:
    (message,) = inbox.messages()
    return open_message(message, max_bytes=4 * MEBIBYTE)


def event_of(envelope: Envelope) -> JsonObject:
    found: JsonObject = json.loads(bytes(envelope.items[0].payload))
    return found


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_dump_is_answered_by_its_events_id_with_dashes(
    send: Send, shop: Shop, inbox: ReadableInbox, slash: str
) -> None:
    answer = send(f"{PATH}{slash}?sentry_key={shop.key}", form_of(DUMP), FORM)

    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    envelope = only_envelope(inbox)
    assert str(UUID(envelope.headers["event_id"])) == answer.body.decode()
    assert [item.type for item in envelope.items] == ["event", "attachment"]
    dump = envelope.items[1]
    assert bytes(dump.payload) == make_minidump()
    assert (dump.headers["filename"], dump.headers["attachment_type"]) == (
        "crash.dmp",
        "event.minidump",
    )


def test_the_native_sdks_scope_is_the_event(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    scope = {"event_id": EVENT_ID, "release": "game@3", "tags": {"level": "cave"}, 7: b"x"}
    first = [{"message": "jumped", "timestamp": "2026-11-20T10:00:02Z"}]
    second = [{"message": "ran", "timestamp": "2026-11-20T10:00:01Z"}, 7]
    body = form_of(
        ("__sentry-event", "__sentry-event", msgpack.packb(scope)),
        ("__sentry-breadcrumb1", "__sentry-breadcrumb1", b"".join(map(msgpack.packb, first))),
        ("__sentry-breadcrumb2", "x", b"".join(map(msgpack.packb, second)) + b"\x81\xa1"),
        DUMP,
    )

    answer = send(PATH, body, {**shop.auth, **FORM})

    assert answer.body.decode() == str(UUID(EVENT_ID))
    envelope = only_envelope(inbox)
    event = event_of(envelope)
    assert (event["release"], event["tags"], event["level"]) == (
        "game@3",
        {"level": "cave"},
        "fatal",
    )
    assert [crumb["message"] for crumb in event["breadcrumbs"]] == ["ran", "jumped"]
    assert [item.type for item in envelope.items] == ["event", "attachment"]


def test_fields_named_sentry_are_the_event(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    whole = json.dumps({"event_id": EVENT_ID, "release": "shop@1", "tags": {"a": "b"}}).encode()
    body = form_of(
        ("sentry__1", None, whole[:20]),
        ("sentry__2", None, whole[20:]),
        ("sentry[environment]", None, b"staging"),
        ("sentry[user][id]", None, b"42"),
        ("sentry[tags][region]", None, b"north"),
        ("ptime", None, b"1234"),
        DUMP,
    )

    answer = send(PATH, body, {**shop.auth, **FORM})

    assert answer.body.decode() == str(UUID(EVENT_ID))
    event = event_of(only_envelope(inbox))
    assert (event["release"], event["environment"], event["user"]) == (
        "shop@1",
        "staging",
        {"id": "42"},
    )
    assert event["tags"] == {"a": "b", "region": "north"}
    assert event["extra"] == {"ptime": "1234"}


def test_other_files_are_attachments_by_their_last_name(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    log = ("log", "../../etc/app.log", b"bye")
    view = ("view", "C:\\shots\\view.png", b"\x89PNG")

    send(PATH, form_of(DUMP, log, view), {**shop.auth, **FORM})

    envelope = only_envelope(inbox)
    assert [item.headers["filename"] for item in envelope.items[1:]] == [
        "crash.dmp",
        "app.log",
        "view.png",
    ]


def test_a_dump_may_be_the_whole_body(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    headers = {**shop.auth, "Content-Type": "application/x-dmp"}

    assert send(PATH, make_minidump(), headers).status == 200
    assert [item.type for item in only_envelope(inbox).items] == ["event", "attachment"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form",
        form_of(("log", "a.log", b"x")),
        form_of(("upload_file_minidump", "crash.dmp", b"")),
        form_of(("upload_file_minidump", "crash.dmp", b"PK\x03\x04" + bytes(100))),
        form_of(DUMP)[:-30],
        form_of(("sentry", None, b"{no json"), DUMP),
    ],
)
def test_what_holds_no_dump_is_400(
    send: Send, shop: Shop, inbox: ReadableInbox, body: bytes
) -> None:
    assert send(PATH, body, {**shop.auth, **FORM}).status == 400
    assert inbox.depth() == 0


def test_too_many_parts_are_413(send: Send, shop: Shop) -> None:
    body = form_of(*((f"f{number}", None, b"x") for number in range(300)), DUMP)
    assert send(PATH, body, {**shop.auth, **FORM}).status == 413


def test_a_large_dump_is_taken_within_the_sites_bounds(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    large = make_minidump() + bytes(3 * MEBIBYTE)
    body = form_of(("upload_file_minidump", "crash.dmp", large))

    assert send(PATH, body, {**shop.auth, **FORM}).status == 200
    assert len(only_envelope(inbox).items[1].payload) == len(large)
    assert send(PATH, bytes(25 * MEBIBYTE), {**shop.auth, **FORM}).status == 413
    assert send(PATH, form_of(DUMP), FORM).status == 401
