"""What is bad is set aside, what is away is waited for, and nothing is lost or counted twice."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from errors.models import (
    Event,
    Issue,
    ItemCount,
    StoredEnvelope,
    StoredItem,
)
from errors.storage import load_document
from ingest.digest import digest_batch, loop
from ingest.digest.quarantine import quarantine
from ingest.inbox.sqlite import SqliteInbox
from ingest.models import QuarantinedMessage
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


def test_a_batch_that_was_not_acknowledged_comes_again_and_counts_once(inbox: SqliteInbox) -> None:
    put(inbox, make_message(make_project(), make_event()))
    deliveries = inbox.read(max_messages=10, max_bytes=10**6, linger_ms=0)
    assert deliveries
    digest_batch(inbox)
    assert counts() == (1, 1, 1)
    assert inbox.depth() == 0


class Unacknowledged:
    """An inbox whose acknowledgements get lost, as when the process dies after its commit."""

    def __init__(self, inbox: SqliteInbox) -> None:
        self._inbox = inbox

    def __getattr__(self, name: str) -> object:
        return getattr(self._inbox, name)

    def ack(self, _deliveries: object) -> None:
        raise RuntimeError("killed")


def test_a_crash_between_commit_and_acknowledgement_counts_nothing_twice(
    inbox: SqliteInbox,
) -> None:
    key = make_project()
    sessions = ({"type": "sessions"}, b'{"aggregates": []}')
    put(
        inbox,
        make_message(key, make_event()),
        make_raw_message(key, make_envelope(sessions)),
    )
    with pytest.raises(RuntimeError, match="killed"):
        digest_batch(Unacknowledged(inbox))  # type: ignore[arg-type]  # a failing double
    assert inbox.depth() == 2
    digest_batch(inbox)
    assert inbox.depth() == 0
    assert counts() == (1, 1, 1)
    assert StoredItem.objects.count() == StoredEnvelope.objects.count() == 1
    assert dict(ItemCount.objects.values_list("type", "count")) == {"event": 1, "sessions": 1}


def test_a_payload_that_is_no_json_stands_in_quarantine(inbox: SqliteInbox) -> None:
    key = make_project()
    broken = make_raw_message(key, make_envelope(({"type": "event"}, b'{"secret": "hunter2"')))
    put(inbox, make_message(key, make_event()), broken, make_message(key, make_event()))
    result = digest_batch(inbox)
    assert (len(result.recorded), result.quarantined, inbox.depth()) == (2, 1, 0)
    kept = QuarantinedMessage.objects.get()
    assert kept.error_type == "JsonError"
    assert "hunter2" not in kept.error
    assert bytes(kept.body) == broken.body


@pytest.mark.parametrize("payload", [b"[1, 2]", b'"text"', b"", b"null"])
def test_a_payload_that_is_no_object_stands_in_quarantine(
    inbox: SqliteInbox, payload: bytes
) -> None:
    put(inbox, make_raw_message(make_project(), make_envelope(({"type": "event"}, payload))))
    assert digest_batch(inbox).quarantined == 1
    assert inbox.depth() == 0


def test_a_body_that_cannot_be_opened_stands_in_quarantine(inbox: SqliteInbox) -> None:
    put(inbox, make_raw_message(make_project(), b"", body=b"no gzip"))
    assert digest_batch(inbox).quarantined == 1
    assert QuarantinedMessage.objects.get().error_type == "CompressionError"


def test_a_broken_part_is_dropped_and_the_event_says_so(inbox: SqliteInbox) -> None:
    event = make_event(breadcrumbs=7, tags={"a": "b"}, request="text")
    (row_id,) = put(inbox, make_message(make_project(), event))
    digest_batch(inbox)
    document = load_document(row_id)
    assert document is not None
    assert "breadcrumbs" in [path for path, _ in document["problems"]]


def test_the_fifth_delivery_is_set_aside_unparsed(inbox: SqliteInbox) -> None:
    put(inbox, make_message(make_project(), make_event()))
    (delivery,) = inbox.read(max_messages=1, max_bytes=10**6, linger_ms=0)

    class Fifth(Unacknowledged):
        def read(self, **_limits: int) -> list[object]:
            return [replace(delivery, deliveries=5)]

        def ack(self, _deliveries: object) -> None:
            """Nothing to keep."""

    digest_batch(Fifth(inbox))  # type: ignore[arg-type]  # a double that repeats one delivery
    kept = QuarantinedMessage.objects.get()
    assert (kept.error_type, kept.deliveries) == ("RepeatedDeliveryError", 5)


def test_what_the_database_refuses_is_found_by_halving(inbox: SqliteInbox) -> None:
    key = make_project()
    messages = [make_message(key, make_event()) for _ in range(9)]
    row_ids = put(inbox, *messages)
    # A row that is already there under the id of the fourth message: its insert must fail.
    Event.objects.create(
        id=row_ids[3],
        project=key.project,
        grouping_key_id=0,
        event_id="f" * 32,
        occurred_at=timezone.now(),
        level=40,
    )
    result = digest_batch(inbox)
    assert (len(result.recorded), result.quarantined, inbox.depth()) == (8, 1, 0)
    assert QuarantinedMessage.objects.get().pk == row_ids[3]
    assert Issue.objects.get().event_count == 8


@pytest.fixture
def refusing_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A database that is away for as many main transactions as the list's number says."""
    left = [0]

    def refuse(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # Django's
        if left[0] and "INSERT INTO errors_seenevent" in sql:
            left[0] -= 1
            raise OperationalError("the database is away")
        return execute(sql, params, many, context)

    monkeypatch.setattr("ingest.digest.loop.BACK_OFF_S", (0.0, 0.0))
    with connection.execute_wrapper(refuse):
        yield left


@pytest.mark.django_db(transaction=True)
def test_a_short_outage_is_waited_for(inbox: SqliteInbox, refusing_database: list[int]) -> None:
    put(inbox, make_message(make_project(), make_event()))
    refusing_database[0] = 2
    assert len(digest_batch(inbox).recorded) == 1


@pytest.mark.django_db(transaction=True)
def test_a_long_outage_keeps_the_inbox_and_quarantines_nothing(
    inbox: SqliteInbox, refusing_database: list[int]
) -> None:
    put(inbox, make_message(make_project(), make_event()))
    refusing_database[0] = 3
    with pytest.raises(OperationalError):
        digest_batch(inbox)
    assert inbox.depth() == 1
    assert not QuarantinedMessage.objects.exists()
    assert len(digest_batch(inbox).recorded) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL")
def test_a_database_that_takes_no_changes_quarantines_nothing(
    inbox: SqliteInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "BACK_OFF_S", ())
    put(inbox, make_message(make_project(), make_event()))
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before; SET TRANSACTION READ ONLY")
        with pytest.raises(OperationalError, match="read-only"):
            digest_batch(inbox)
        cursor.execute("ROLLBACK TO SAVEPOINT before")
    inbox.give_back()
    digest_batch(inbox)
    assert counts() == (1, 1, 1)
    assert not QuarantinedMessage.objects.exists()


def test_nul_characters_and_lone_surrogates_reach_both_databases(inbox: SqliteInbox) -> None:
    body = (
        b'{"event_id":"' + b"a1" * 16 + b'","sdk":{"name":"a\\u0000b\\ud800"}}\n'
        b'{"type":"event"}\n{"message":"x\\u0000\\ud800","level":"\\u0000"}\n'
        b'{"type":"session","note":"\\u0000"}\n{"a":"\\u0000"}'
    )
    put(inbox, make_raw_message(make_project(), body, event_id="a1" * 16))
    result = digest_batch(inbox)
    assert (len(result.recorded), result.quarantined) == (1, 0)
    assert StoredItem.objects.count() == 1


def test_a_hundred_thousand_tags_are_bounded(inbox: SqliteInbox) -> None:
    tags = {f"tag-{number}": "x" for number in range(100_000)}
    put(inbox, make_message(make_project(), make_event(tags=tags)))
    assert len(digest_batch(inbox).recorded) == 1


def test_a_cause_that_holds_a_nul_is_kept_by_both_databases(inbox: SqliteInbox) -> None:
    put(inbox, make_message(make_project(), make_event()))
    (delivery,) = inbox.read(max_messages=1, max_bytes=10**6, linger_ms=0)
    quarantine(delivery, ValueError("a\0b"), now=time.time())
    assert QuarantinedMessage.objects.get().error == "a\ufffdb"
