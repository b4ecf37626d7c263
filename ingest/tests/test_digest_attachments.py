"""Attachments in the digest: kept as files, found by their event's id, within their budget."""

import json
from typing import Any

import pytest

from errors.envelopes import read_envelope
from errors.models import Attachment, Event, ItemCount, KeptBytes, StoredEnvelope, StoredItem
from errors.queries.attachments import attachments_of
from errors.storage import load_document
from errors.storage.attachments import read_attachment
from ingest.digest import digest_batch
from ingest.inbox.sqlite import SqliteInbox
from ingest.tests.messages import make_envelope, make_event, make_project, make_raw_message, put

pytestmark = pytest.mark.django_db
BINARY = b"\xff\x00\xfe password=hunter2"


def digest_file(inbox: SqliteInbox, content: bytes, **headers: Any) -> Attachment:
    body = make_envelope(({"type": "attachment", "filename": "a.bin", **headers}, content))
    put(inbox, make_raw_message(make_project(), body))
    digest_batch(inbox)
    return Attachment.objects.get()


def test_attachment_row_a_file_has_its_name_type_and_size(inbox: SqliteInbox) -> None:
    file = digest_file(
        inbox,
        BINARY,
        filename="../../core.dmp",
        content_type="application/x-dmp",
        attachment_type="event.minidump",
    )
    assert (file.name, file.content_type) == ("core.dmp", "application/x-dmp")
    assert (file.type, file.size_bytes) == ("event.minidump", len(BINARY))
    assert read_attachment(file) == BINARY
    assert not StoredItem.objects.exists()
    assert ItemCount.objects.get().type == "attachment"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"filename": None, "content_type": 7, "attachment_type": ["x"]},
        {"filename": "x" * 5000, "content_type": "y" * 5000, "attachment_type": "z" * 5000},
        {"filename": "a\0b", "content_type": "\ud800", "attachment_type": "a\nb"},
    ],
)
def test_no_header_is_an_error(inbox: SqliteInbox, headers: dict[str, Any]) -> None:
    assert read_attachment(digest_file(inbox, b"x", **headers)) == b"x"


def test_text_is_scrubbed_and_other_bytes_stay_as_they_are(inbox: SqliteInbox) -> None:
    text = b"line 1\nAuthorization: Bearer abcdefghijklmnop1234567890\n"
    file = digest_file(inbox, text, filename="server.log")
    content = read_attachment(file)
    assert content is not None
    assert b"line 1" in content
    assert b"abcdefghijklmnop" not in content


def test_json_without_a_secret_stays_as_it_was_written(inbox: SqliteInbox) -> None:
    written = b'{ "a" :  [1, 2.50] }\n'
    assert read_attachment(digest_file(inbox, written)) == written


def test_json_loses_its_secrets(inbox: SqliteInbox) -> None:
    content = read_attachment(digest_file(inbox, b'{"password": "hunter2", "a": 1}'))
    assert json.loads(content or b"") == {"password": "[Filtered]", "a": 1}


@pytest.mark.parametrize("event_first", [True, False])
def test_a_file_finds_its_event_whichever_comes_first(
    inbox: SqliteInbox, event_first: bool
) -> None:
    key, event = make_project(), make_event()
    envelopes = [
        make_envelope(({"type": "event"}, json.dumps(event).encode())),
        make_envelope(({"type": "attachment"}, b"x"), event_id=event["event_id"]),
    ]
    for body in envelopes if event_first else reversed(envelopes):
        put(inbox, make_raw_message(key, body))
        digest_batch(inbox)
    assert [file.name for file in attachments_of(Event.objects.get())] == ["attachment"]


def test_a_file_belongs_to_the_event_beside_it(inbox: SqliteInbox) -> None:
    key, event = make_project(), make_event()
    del event["event_id"]
    body = make_envelope(
        ({"type": "attachment"}, b"x"), ({"type": "event"}, json.dumps(event).encode())
    )
    put(inbox, make_raw_message(key, body))
    digest_batch(inbox)
    assert Attachment.objects.get().event_id == Event.objects.get().event_id


def test_a_large_file_is_given_back_whole(inbox: SqliteInbox) -> None:
    content = bytes(range(256)) * 4 * 1024 * 3
    key, event = make_project(), make_event()
    body = make_envelope(
        ({"type": "event"}, json.dumps(event).encode()),
        ({"type": "attachment", "filename": "core"}, content),
        event_id=event["event_id"],
    )
    (row_id,) = put(inbox, make_raw_message(key, body, event_id=event["event_id"]))
    digest_batch(inbox)
    envelope = read_envelope(key.project_id, row_id)
    assert envelope is not None
    assert envelope.items[1].payload == content


def test_files_that_came_twice_are_kept_once(inbox: SqliteInbox) -> None:
    key, event = make_project(), make_event()
    body = make_envelope(
        ({"type": "event"}, json.dumps(event).encode()),
        ({"type": "attachment"}, b"x"),
        event_id=event["event_id"],
    )
    for _ in range(2):
        put(inbox, make_raw_message(key, body, event_id=event["event_id"]))
        digest_batch(inbox)
    assert Attachment.objects.count() == 1
    assert KeptBytes.objects.get().size_bytes == Attachment.objects.get().kept_bytes


def test_a_full_budget_costs_the_file_and_never_the_event(
    inbox: SqliteInbox, settings: Any
) -> None:
    settings.MAX_ATTACHMENT_BYTES_PER_PROJECT = 0
    key, event = make_project(), make_event()
    body = make_envelope(
        ({"type": "event"}, json.dumps(event).encode()),
        ({"type": "attachment"}, b"x"),
        event_id=event["event_id"],
    )
    (row_id,) = put(inbox, make_raw_message(key, body, event_id=event["event_id"]))
    digest_batch(inbox)
    assert not Attachment.objects.exists()
    assert ItemCount.objects.get(type="attachment").count == 1
    document = load_document(row_id)
    assert document is not None
    assert document["problems"][0][0] == "envelope.items.1"
    assert "budget" in document["problems"][0][1]


def test_a_tracing_sdk_fills_no_disk(inbox: SqliteInbox, settings: Any) -> None:
    settings.MAX_ITEM_BYTES_PER_PROJECT = 4000
    key = make_project()
    for _ in range(50):
        body = make_envelope(({"type": "transaction"}, b'{"spans": []}'))
        put(inbox, make_raw_message(key, body))
        digest_batch(inbox)
    assert ItemCount.objects.get().count == 50
    assert KeptBytes.objects.get().size_bytes < 4000 * 1.25 + 1000
    assert StoredItem.objects.count() == StoredEnvelope.objects.count() < 20
