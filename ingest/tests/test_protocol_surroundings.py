"""Event normalisation, as far as accept knows what the payload does not: clocks and addresses."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from errors.models import Event
from errors.storage import load_document
from ingest.digest import digest_batch
from ingest.inbox.sqlite import SqliteInbox
from ingest.tests.messages import make_event, make_project, make_raw_message, put
from ingest.tests.sending import envelope_of
from projects.models import ProjectKey


def digested(inbox: SqliteInbox, key: ProjectKey, event: dict[str, Any], **headers: Any) -> Event:
    body = envelope_of(headers, ({"type": "event"}, json.dumps(event).encode()))
    put(inbox, make_raw_message(key, body))
    digest_batch(inbox)
    return Event.objects.latest("pk")


@pytest.mark.django_db
def test_sent_at_corrects_the_clients_clock(inbox: SqliteInbox) -> None:
    """Event normalisation: "sent_at corrects the client's drift"."""
    now = datetime.now(UTC)
    # The client's clock is two hours behind; it happened ten minutes before it was sent.
    sent_at = now - timedelta(hours=2)
    event = make_event(timestamp=(sent_at - timedelta(minutes=10)).timestamp())

    stored = digested(inbox, make_project(), event, sent_at=sent_at.isoformat())

    assert abs(stored.occurred_at - (now - timedelta(minutes=10))) < timedelta(seconds=5)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({}, None),
        ({"user": {"id": "1"}}, None),
        ({"user": {"ip_address": "{{auto}}"}}, "203.0.113.7"),
        ({"sdk": {"settings": {"infer_ip": "auto"}}}, "203.0.113.7"),
        ({"sdk": {"settings": {"infer_ip": "never"}}}, None),
        ({"user": {"ip_address": "198.51.100.1"}}, "198.51.100.1"),
    ],
)
def test_the_clients_address_only_where_asked(
    inbox: SqliteInbox, fields: dict[str, Any], address: str | None
) -> None:
    """Event normalisation: "attached only where the SDK asks (infer_ip: auto)"."""
    stored = digested(inbox, make_project(), make_event(**fields))

    document = load_document(stored.pk)
    assert document is not None
    assert document["event"].get("user", {}).get("ip_address") == address
