"""From the inbox into issues: each message once, whatever happens on the way."""

import asyncio
import json
from dataclasses import replace

import pytest
from channels.layers import get_channel_layer
from django.utils import timezone

from errors.models import (
    Event,
    Issue,
    ItemCount,
)
from errors.storage import load_document
from ingest.digest import digest_batch, drain
from ingest.inbox.sqlite import SqliteInbox
from ingest.models import Receipt
from ingest.tests.messages import (
    counts,
    make_event,
    make_message,
    make_project,
    put,
)

pytestmark = pytest.mark.django_db


def test_an_accepted_event_becomes_an_issue(inbox: SqliteInbox) -> None:
    key = make_project()
    event = make_event(release="1.2", environment="staging", user={"id": 7})
    (row_id,) = put(inbox, make_message(key, event))
    result = digest_batch(inbox)
    assert (result.read, len(result.recorded), inbox.depth()) == (1, 1, 0)
    issue = Issue.objects.get()
    assert (issue.title, issue.value, issue.culprit) == (
        "ValueError",
        "no order",
        "shop.cart in pay",
    )
    assert (issue.user_count, issue.last_environment) == (1, "staging")
    row = Event.objects.get()
    assert (row.pk, row.event_id.hex) == (row_id, event["event_id"])
    document = load_document(row_id)
    assert document is not None
    assert document["event"]["release"] == "1.2"
    assert document["grouping"]["strategy"]
    assert document["item"]["headers"]["type"] == "event"


def test_the_first_event_and_the_use_of_the_key_are_noted(inbox: SqliteInbox) -> None:
    key = make_project()
    put(inbox, make_message(key, make_event()))
    digest_batch(inbox)
    key.refresh_from_db()
    key.project.refresh_from_db()
    assert key.last_used_at is not None
    assert key.project.first_event_at is not None


def test_the_same_message_twice_in_one_batch_counts_once(inbox: SqliteInbox) -> None:
    message = make_message(make_project(), make_event())
    put(inbox, message, message)
    assert len(digest_batch(inbox).recorded) == 1
    assert counts() == (1, 1, 1)
    assert ItemCount.objects.get().count == 1


def test_the_same_message_in_two_batches_counts_once(inbox: SqliteInbox) -> None:
    message = make_message(make_project(), make_event())
    for _ in range(2):
        put(inbox, message)
        digest_batch(inbox)
    assert counts() == (1, 1, 1)
    assert ItemCount.objects.get().count == 1


def test_an_event_that_an_sdk_sends_three_times_counts_once(inbox: SqliteInbox) -> None:
    key, event = make_project(), make_event()
    put(inbox, make_message(key, event), make_message(key, event))
    digest_batch(inbox)
    put(inbox, make_message(key, event))
    digest_batch(inbox)
    assert counts() == (1, 1, 1)
    assert not Receipt.objects.exists()


def test_a_message_without_an_event_id_counts_once_by_its_receipt(inbox: SqliteInbox) -> None:
    event = make_event()
    del event["event_id"]
    message = make_message(make_project(), event)
    for _ in range(2):
        put(inbox, message)
        digest_batch(inbox)
    assert counts() == (1, 1, 1)
    assert Event.objects.get().event_id.hex == message.receipt.hex()


def test_the_id_that_the_answer_named_wins_over_the_payloads(inbox: SqliteInbox) -> None:
    put(inbox, make_message(make_project(), make_event(), event_id="ab" * 16))
    digest_batch(inbox)
    assert Event.objects.get().event_id.hex == "ab" * 16


def test_the_payloads_id_counts_where_the_answer_named_none(inbox: SqliteInbox) -> None:
    event = make_event(event_id="12345678-1234-1234-1234-123456789ABC")
    put(inbox, make_message(make_project(), event, event_id=""))
    digest_batch(inbox)
    assert Event.objects.get().event_id.hex == "12345678123412341234123456789abc"


def test_a_stored_event_is_digested_like_an_envelope(inbox: SqliteInbox) -> None:
    event = make_event()
    body = json.dumps(event).encode()
    message = make_message(make_project(), event)
    put(inbox, replace(message, kind="store", coding="", body=body))
    digest_batch(inbox)
    assert counts() == (1, 1, 1)


def test_messages_of_a_deleted_project_are_dropped(inbox: SqliteInbox) -> None:
    key = make_project()
    message = make_message(key, make_event())
    key.project.deleted_at = timezone.now()
    key.project.save()
    put(inbox, message)
    result = digest_batch(inbox)
    assert (result.dropped, result.quarantined, inbox.depth()) == (1, 0, 0)
    assert not Event.objects.exists()


def test_drain_reads_until_nothing_is_left(inbox: SqliteInbox) -> None:
    key = make_project()
    put(inbox, *(make_message(key, make_event()) for _ in range(450)))
    assert drain(inbox, 60.0).read == 450
    assert counts() == (450, 450, 450)


@pytest.mark.django_db(transaction=True)
def test_pages_hear_of_a_batch_in_one_message_a_project(inbox: SqliteInbox) -> None:
    async def listen() -> str:
        layer = get_channel_layer()
        assert layer is not None
        channel = str(await layer.new_channel())
        await layer.group_add(f"project.{key.project_id}", channel)
        return channel

    async def hear(channel: str) -> object:
        layer = get_channel_layer()
        assert layer is not None
        return await asyncio.wait_for(layer.receive(channel), 5)

    key = make_project()
    channel = asyncio.run(listen())
    put(inbox, *(make_message(key, make_event(message=text)) for text in "ab"))
    digest_batch(inbox)
    assert asyncio.run(hear(channel)) == {
        "type": "issues.changed",
        "project": key.project_id,
        "new": 1,
        "issues": [Issue.objects.get().pk],
    }
