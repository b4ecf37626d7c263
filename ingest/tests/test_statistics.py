"""No event disappears without a number: what the accept side and the digest count."""

import json
from typing import Any

import pytest
from django.utils import timezone

from common.sliding_window import Limit
from errors.services.budgets import forget_rooms
from errors.services.pace import Pace
from errors.services.retention import fold_counts
from ingest.digest import digest_batch
from ingest.inbox.sqlite import SqliteInbox
from ingest.models import QuarantinedMessage
from ingest.services import replay
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.messages import (
    make_envelope,
    make_event,
    make_message,
    make_project,
    make_raw_message,
    put,
)
from ingest.tests.sending import Send, envelope_of, event_envelope
from projects.models import OutcomeCount, Project
from projects.statistics import tally

Numbers = dict[tuple[str, str, str], int]


def in_database() -> Numbers:
    """Outcome, category and reason of each row, with its quantity."""
    rows = OutcomeCount.objects.values_list("outcome", "category", "reason", "quantity")
    return {(outcome, category, reason): n for outcome, category, reason, n in rows}


def refused(project_id: int) -> Numbers:
    """The same of what this process refused."""
    return {
        (name.outcome, name.category, name.reason): n
        for name, n in tally.pending().items()
        if name.project_id == project_id
    }


@pytest.mark.django_db
def test_what_is_written_is_accepted_by_category(inbox: SqliteInbox) -> None:
    key = make_project()
    event = make_event()
    body = make_envelope(
        ({"type": "event"}, json.dumps(event).encode()),
        ({"type": "attachment", "filename": "a"}, b"12345"),
        ({"type": "log", "item_count": 3}, b'{"items":[]}'),
        ({"type": "session"}, b"{}"),
        ({"type": "of_tomorrow"}, b"{}"),
        event_id=event["event_id"],
    )
    put(inbox, make_raw_message(key, body, event_id=event["event_id"]))

    digest_batch(inbox)

    assert in_database() == {
        ("accepted", "error", ""): 1,
        ("accepted", "attachment", ""): 5,
        ("accepted", "log_item", ""): 3,
        ("accepted", "log_byte", ""): 12,
        ("accepted", "session", ""): 1,
        ("accepted", "default", ""): 1,
    }


@pytest.mark.django_db
def test_an_event_sent_again_is_a_duplicate_and_a_delivery_again_is_none(
    inbox: SqliteInbox,
) -> None:
    key, event = make_project(), make_event()
    put(inbox, make_message(key, event))
    first = inbox.read(max_messages=10, max_bytes=10**6, linger_ms=0)
    inbox.give_back()
    digest_batch(inbox)
    put(inbox, make_message(key, event), make_message(key, event))
    digest_batch(inbox)
    assert in_database() == {
        ("accepted", "error", ""): 1,
        ("filtered", "error", "duplicate"): 2,
    }

    class Again(type(inbox)):  # type: ignore[misc] # to read what was acknowledged
        def read(self, **_: Any) -> Any:
            return first

    inbox.__class__ = Again
    digest_batch(inbox)
    assert in_database()[("filtered", "error", "duplicate")] == 2


@pytest.mark.django_db
def test_what_clients_dropped_themselves_is_counted_by_their_reasons(inbox: SqliteInbox) -> None:
    """Row "client_report": discarded_events[{reason, category, quantity}]."""
    report = {
        "discarded_events": [
            {"reason": "sample_rate", "category": "transaction", "quantity": 40},
            {"reason": "before_send", "category": "error", "quantity": 2},
            {"reason": "made <up>", "category": "made up", "quantity": 1},
            {"reason": "before_send", "category": "error", "quantity": -5},
            {"reason": "before_send", "category": "error", "quantity": "9"},
            "nonsense",
        ]
    }
    reports = [json.dumps(report).encode(), b"[]", b"\xff", b"{" + b" " * 5000 + b"}"]
    body = make_envelope(*(({"type": "client_report"}, report) for report in reports))
    put(inbox, make_raw_message(make_project(), body))

    digest_batch(inbox)

    assert in_database() == {
        ("client_discard", "transaction", "sample_rate"): 40,
        ("client_discard", "error", "before_send"): 2,
        ("client_discard", "default", "other"): 1,
    }


@pytest.mark.django_db
def test_items_beyond_those_kept_are_filtered(inbox: SqliteInbox, settings: Any) -> None:
    settings.MAX_STORED_ITEMS = 2
    body = make_envelope(*[({"type": "session"}, b"{}")] * 5)
    put(inbox, make_raw_message(make_project(), body))

    digest_batch(inbox)

    assert in_database() == {
        ("accepted", "session", ""): 2,
        ("filtered", "session", "too_many_items"): 3,
    }


@pytest.mark.django_db
def test_items_without_room_are_filtered(inbox: SqliteInbox, settings: Any) -> None:
    settings.MAX_FEEDBACK_BYTES_PER_PROJECT = settings.MAX_ITEM_BYTES_PER_PROJECT = 0
    forget_rooms()
    body = make_envelope(({"type": "session"}, b"{}"))
    put(inbox, make_raw_message(make_project(), body))

    digest_batch(inbox)
    forget_rooms()

    assert in_database() == {("filtered", "session", "no_room"): 1}


@pytest.mark.django_db
def test_quarantine_is_a_number_until_it_is_replayed(inbox: SqliteInbox) -> None:
    message = make_message(make_project(), make_event())
    put(inbox, message.__class__(**{**fields_of(message), "body": b"damaged"}))
    digest_batch(inbox)
    assert in_database() == {("quarantined", "error", ""): 1}

    kept = QuarantinedMessage.objects.get()
    kept.body = message.body
    kept.save()
    replay([kept])
    digest_batch(inbox)
    assert in_database() == {("quarantined", "error", ""): 0, ("accepted", "error", ""): 1}


def fields_of(message: Any) -> dict[str, Any]:
    return {name: getattr(message, name) for name in message.__slots__}


@pytest.mark.django_db
def test_what_comes_for_a_deleted_project_is_dropped_with_a_number(inbox: SqliteInbox) -> None:
    key = make_project()
    put(inbox, make_message(key, make_event()))
    Project.objects.update(deleted_at=timezone.now())

    digest_batch(inbox)

    assert in_database() == {("dropped", "error", "project_deleted"): 1}


@pytest.mark.django_db
def test_a_rolled_back_batch_counts_nothing(
    inbox: SqliteInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, make_message(make_project(), make_event()))
    monkeypatch.setattr("ingest.digest.write.mark_begin", None)

    digest_batch(inbox)

    assert ("accepted", "error", "") not in in_database()
    assert in_database() == {("quarantined", "error", ""): 1}


@pytest.mark.django_db
def test_old_hours_become_one_row(inbox: SqliteInbox) -> None:
    key = make_project()
    for age_h in (500 * 24, 450 * 24, 1):
        message = make_message(key, make_event())
        ms = message.received_ms - age_h * 3_600_000
        put(inbox, message.__class__(**{**fields_of(message), "received_ms": ms}))
    digest_batch(inbox)

    fold_counts(now=timezone.now(), pace=Pace(share=1.0))

    rows = OutcomeCount.objects.order_by("hour").values_list("hour", "quantity")
    assert [n for _, n in rows] == [2, 1]
    assert rows[0][0] == 0


@pytest.mark.parametrize(
    ("body", "headers", "name"),
    [
        (b"{broken", {}, ("invalid", "default", "malformed")),
        (b"{}", {"Content-Encoding": "lzma"}, ("invalid", "default", "encoding")),
        (b"x" * 3000, {}, ("invalid", "default", "too_large")),
        (event_envelope({"message": "x" * 1500}), {}, ("invalid", "error", "too_large")),
        (b"{}", {"Origin": "https://other.example"}, ("invalid", "default", "origin")),
    ],
)
def test_what_is_refused_is_counted_for_its_project(
    send: Send,
    shop: Shop,
    settings: Any,
    body: bytes,
    headers: dict[str, str],
    name: tuple[str, str, str],
) -> None:
    settings.MAX_BODY_BYTES, settings.MAX_EVENT_BYTES = 2500, 1200
    shop.change(allowed_origins=("https://shop.example",))
    send(shop.envelope, b"", shop.auth)

    assert send(shop.envelope, body, {**shop.auth, **headers}).status >= 400

    counted = refused(7)
    counted.pop(("invalid", "default", "malformed"), None) if name[2] != "malformed" else None
    assert set(counted) == {name}


def test_strangers_change_no_projects_numbers(send: Send, shop: Shop) -> None:
    unknown = {"X-Sentry-Auth": f"Sentry sentry_key={'0' * 32}"}
    send(shop.envelope, event_envelope(), unknown)
    send(shop.envelope, event_envelope(), {})
    send("/api/8/envelope/", event_envelope(), shop.auth)
    shop.change(is_active=False)
    send(shop.envelope, event_envelope(), shop.auth)

    assert refused(0) == {
        ("invalid", "default", "unknown_key"): 1,
        ("invalid", "default", "no_key"): 1,
        ("invalid", "default", "foreign_key"): 1,
    }
    assert refused(7) == {("invalid", "default", "revoked_key"): 1}


def test_what_limits_keep_out_is_counted_by_category(
    send: Send, shop: Shop, inbox: ReadableInbox
) -> None:
    shop.change(project_limit=Limit(1, 60), limit=Limit(1000, 60))
    items: Any = [
        ({"type": "event"}, b"{}"),
        ({"type": "attachment", "length": 4}, b"1234"),
        ({"type": "session"}, b"{}"),
    ]
    for _ in range(3):
        send(shop.envelope, envelope_of({}, *items), shop.auth)

    assert refused(7) == {
        ("limited", "error", "project"): 2,
        ("limited", "attachment", "project"): 8,
        ("limited", "session", "project"): 2,
    }


def test_a_full_inbox_is_a_number_too(send: Send, shop: Shop, inbox: ReadableInbox) -> None:
    inbox._max_bytes = 0

    assert send(shop.envelope, event_envelope(), shop.auth).status == 503
    assert refused(7) == {("limited", "default", "overloaded"): 1}
