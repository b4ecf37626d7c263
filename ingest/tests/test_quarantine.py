"""What was set aside can be replayed, counts once, and goes after a while."""

from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from errors.models import Event
from ingest.digest import digest_batch
from ingest.inbox import set_inbox
from ingest.inbox.base import InboxUnavailable, Message, encode_meta
from ingest.inbox.sqlite import SqliteInbox
from ingest.models import QuarantinedMessage, Receipt
from ingest.services import remove_old_quarantine, remove_old_receipts, replay
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


def quarantine_good_message(inbox: SqliteInbox) -> QuarantinedMessage:
    """A message that failed for a reason that is gone by now."""
    message = make_message(make_project(), make_event())
    put(inbox, replace(message, body=b"damaged"))
    digest_batch(inbox)
    kept = QuarantinedMessage.objects.get()
    kept.body = message.body
    kept.save()
    return kept


def test_a_replayed_message_is_digested_and_leaves_quarantine(inbox: SqliteInbox) -> None:
    kept = quarantine_good_message(inbox)
    assert replay([kept]) == 1
    digest_batch(inbox)
    assert counts() == (1, 1, 1)
    assert not QuarantinedMessage.objects.exists()


class Silent:
    """An inbox that takes messages and never says that they are on disk."""

    def append(self, message: Message) -> Future[int]:
        return Future()


def test_a_message_stays_where_the_inbox_does_not_answer(
    inbox: SqliteInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = quarantine_good_message(inbox)
    set_inbox(Silent())  # type: ignore[arg-type]  # only what is asked
    monkeypatch.setattr("ingest.inbox.APPEND_TIMEOUT_S", 0)
    with pytest.raises(InboxUnavailable):
        replay([kept])
    assert QuarantinedMessage.objects.get() == kept


def test_a_message_replayed_twice_counts_once(inbox: SqliteInbox) -> None:
    kept = quarantine_good_message(inbox)
    meta, body = bytes(kept.meta), bytes(kept.body)
    replay([kept])
    digest_batch(inbox)
    again = QuarantinedMessage.objects.create(
        id=1,
        project_id=Event.objects.get().project_id,
        meta=meta,
        body=body,
        body_bytes=len(body),
        deliveries=1,
        quarantined_at=timezone.now(),
    )
    replay([again])
    digest_batch(inbox)
    assert counts() == (1, 1, 1)


def test_what_fails_again_comes_back_into_quarantine(inbox: SqliteInbox) -> None:
    key = make_project()
    put(inbox, make_raw_message(key, make_envelope(({"type": "event"}, b"{"))))
    digest_batch(inbox)
    replay(QuarantinedMessage.objects.all())
    digest_batch(inbox)
    assert QuarantinedMessage.objects.count() == 1
    assert inbox.depth() == 0


def test_a_message_set_aside_keeps_all_that_accept_knew(inbox: SqliteInbox) -> None:
    message = make_raw_message(make_project(), b"", body=b"damaged")
    put(inbox, message)
    digest_batch(inbox)
    kept = QuarantinedMessage.objects.get()
    assert bytes(kept.meta) == encode_meta(message)
    assert kept.body_bytes == len(b"damaged")
    assert kept.project_id == message.project_id


def test_quarantine_goes_after_seven_days_and_receipts_later(inbox: SqliteInbox) -> None:
    quarantine_good_message(inbox)
    put(inbox, make_raw_message(make_project("blog", "BLOG"), b"{}"))
    digest_batch(inbox)
    now = timezone.now()
    assert remove_old_quarantine(now=now + timedelta(days=6)) == 0
    assert remove_old_quarantine(now=now + timedelta(days=8)) == 1
    assert remove_old_receipts(now=now + timedelta(days=13)) == 0
    assert remove_old_receipts(now=now + timedelta(days=15)) == 1
    assert not Receipt.objects.exists()
