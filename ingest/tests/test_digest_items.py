"""Items that are no event are kept, bounded and counted, and give the envelope back."""

import json

import pytest

from errors.envelopes import read_envelope, write_envelope
from errors.models import (
    ItemCount,
    StoredEnvelope,
    StoredItem,
)
from errors.storage import load_document
from errors.storage.codec import decompress
from ingest.digest import digest_batch
from ingest.inbox.sqlite import SqliteInbox
from ingest.protocol.envelope import parse_envelope
from ingest.tests.messages import (
    counts,
    make_envelope,
    make_event,
    make_message,
    make_project,
    make_raw_message,
    put,
)

pytestmark = pytest.mark.django_db


def test_other_items_are_kept_scrubbed_and_the_envelope_is_given_back(inbox: SqliteInbox) -> None:
    key = make_project()
    event = make_event()
    body = make_envelope(
        ({"type": "attachment", "filename": "a.bin"}, b"\xff\x00\xfe"),
        ({"type": "event"}, json.dumps(event).encode()),
        ({"type": "check_in"}, b'{"monitor_slug": "nightly", "password": "hunter2"}'),
        event_id=event["event_id"],
        sent_at="2026-11-20T10:00:00Z",
    )
    (row_id,) = put(inbox, make_raw_message(key, body, event_id=event["event_id"]))
    digest_batch(inbox)
    envelope = read_envelope(key.project_id, row_id)
    assert envelope is not None
    assert envelope.headers["event_id"] == event["event_id"]
    assert [item.headers["type"] for item in envelope.items] == ["attachment", "event", "check_in"]
    assert envelope.items[0].payload == b"\xff\x00\xfe"
    assert json.loads(envelope.items[1].payload)["exception"]["values"][0]["type"] == "ValueError"
    check_in = {"monitor_slug": "nightly", "password": "[Filtered]"}
    assert json.loads(envelope.items[2].payload) == check_in
    assert not StoredEnvelope.objects.exists()
    assert read_envelope(key.project_id + 1, row_id) is None


def test_an_envelope_that_is_given_back_can_be_read_again(inbox: SqliteInbox) -> None:
    key = make_project()
    event = make_event()
    binary = b"\xff\n{}\n\n\xfe\n"
    body = make_envelope(
        ({"type": "event", "password": "hunter2"}, json.dumps(event).encode()),
        ({"type": "attachment", "filename": "a.bin"}, binary),
        ({"type": "check_in"}, b'{"monitor_slug": "nightly", "password": "hunter2"}'),
        ({"type": "attachment", "filename": "empty.txt"}, b""),
        event_id=event["event_id"],
    )
    (row_id,) = put(inbox, make_raw_message(key, body, event_id=event["event_id"]))
    digest_batch(inbox)
    kept = read_envelope(key.project_id, row_id)
    assert kept is not None
    text = write_envelope(kept)
    assert b"hunter2" not in text
    again = parse_envelope(text)
    assert again.headers == kept.headers
    assert [bytes(item.payload) for item in again.items] == [item.payload for item in kept.items]
    assert bytes(again.items[1].payload) == binary
    assert [item.type for item in again.items] == ["event", "attachment", "check_in", "attachment"]
    assert again.items[1].headers["filename"] == "a.bin"


def test_an_envelope_without_an_event_keeps_its_header(inbox: SqliteInbox) -> None:
    key = make_project()
    body = make_envelope(({"type": "session"}, b'{"sid": "1", "status": "ok"}'), sdk={"name": "js"})
    (row_id,) = put(inbox, make_raw_message(key, body))
    digest_batch(inbox)
    envelope = read_envelope(key.project_id, row_id)
    assert envelope is not None
    assert envelope.headers == {"sdk": {"name": "js"}}
    assert json.loads(envelope.items[0].payload) == {"sid": "1", "status": "ok"}


def test_an_empty_envelope_is_kept(inbox: SqliteInbox) -> None:
    key = make_project()
    (row_id,) = put(inbox, make_raw_message(key, b"{}"))
    digest_batch(inbox)
    envelope = read_envelope(key.project_id, row_id)
    assert envelope is not None
    assert (envelope.headers, envelope.items) == ({}, [])


def test_an_unknown_type_is_kept_and_counted_with_the_others(inbox: SqliteInbox) -> None:
    key = make_project()
    body = make_envelope(({"type": "novelty"}, b"x"), ({"type": "hologram" * 20}, b"y"))
    put(inbox, make_raw_message(key, body))
    digest_batch(inbox)
    assert StoredItem.objects.count() == 2
    assert ItemCount.objects.get().type == "other"
    assert ItemCount.objects.get().count == 2


def test_a_large_item_is_counted_and_its_header_says_what_happened(
    inbox: SqliteInbox, settings: object
) -> None:
    settings.MAX_STORED_ITEM_BYTES = 100  # type: ignore[attr-defined]  # pytest-django's
    key = make_project()
    put(inbox, make_raw_message(key, make_envelope(({"type": "profile"}, b"a" * 101))))
    digest_batch(inbox)
    item = StoredItem.objects.get()
    assert item.payload_bytes == 101
    assert "101 bytes" in item.headers["_dropped"]
    assert ItemCount.objects.get().count == 1


def test_items_past_the_limit_are_counted_and_the_event_says_so(
    inbox: SqliteInbox, settings: object
) -> None:
    settings.MAX_STORED_ITEMS = 2  # type: ignore[attr-defined]  # pytest-django's
    event = json.dumps(make_event()).encode()
    items = [({"type": "session"}, b"{}")] * 4
    body = make_envelope(({"type": "event"}, event), *items)
    (row_id,) = put(inbox, make_raw_message(make_project(), body))
    digest_batch(inbox)
    assert StoredItem.objects.count() == 2
    assert ItemCount.objects.get(type="session").count == 4
    document = load_document(row_id)
    assert document is not None
    assert ["envelope.items", "4 items; 2 are kept"] in document["problems"]


def test_a_second_event_in_an_envelope_is_a_problem_of_the_first(inbox: SqliteInbox) -> None:
    key, first, second = make_project(), make_event(), make_event()
    (row_id,) = put(inbox, make_message(key, first, second))
    digest_batch(inbox)
    assert counts() == (1, 1, 1)
    document = load_document(row_id)
    assert document is not None
    assert document["problems"][0][0] == "envelope.items.1"


def test_a_type_that_no_database_takes_does_not_cost_the_event(inbox: SqliteInbox) -> None:
    key = make_project()
    event = make_event()
    body = make_envelope(
        ({"type": "a\0b"}, b"x"),
        ({"type": "event"}, json.dumps(event).encode()),
        event_id=event["event_id"],
    )
    put(inbox, make_raw_message(key, body, event_id=event["event_id"]))
    digest_batch(inbox)
    assert StoredItem.objects.get().type == "a\ufffdb"
    assert counts() == (1, 1, 1)


@pytest.mark.parametrize("kind", ["otlp_traces", "otlp_logs"])
def test_attributes_of_opentelemetry_are_scrubbed_by_their_names(
    inbox: SqliteInbox, kind: str
) -> None:
    attributes = [
        {"key": "db.password", "value": {"stringValue": "hunter2"}},
        {
            "key": "http.request.header.authorization",
            "value": {"arrayValue": {"values": ["hunter2"]}},
        },
        {"key": "shop.city", "value": {"stringValue": "Graz"}},
        {"key": "note", "value": {"stringValue": "Bearer hunter2hunter2"}},
    ]
    body = json.dumps({"resourceSpans": [{"resource": {"attributes": attributes}}]}).encode()
    put(inbox, make_raw_message(make_project(), make_envelope(({"type": kind}, body))))
    digest_batch(inbox)
    payload = decompress(bytes(StoredItem.objects.get().payload), None)
    assert b"hunter2" not in payload
    assert b"Graz" in payload
