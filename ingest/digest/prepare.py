"""From a message to all that is written of it. Nothing is written here."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from errors.normalize import Problem
from errors.normalize.parse import parse_event
from errors.normalize.times import parse_time
from errors.services.policies import ProjectPolicy
from errors.services.prepare import EventSource, PreparedEvent, prepare_event
from errors.services.record_items import (
    PreparedEnvelope,
    PreparedItem,
    prepare_headers,
    prepare_item,
)
from ingest.digest.reports import read_reports
from ingest.inbox.base import Delivery
from ingest.protocol.envelope import Envelope, Item
from ingest.protocol.event_ids import read_event_id
from ingest.protocol.open import open_message


@dataclass(slots=True)
class PreparedMessage:
    """What a message brought.

    arrivals:      (project id, item type, hour since 1970) of every item.
    later_reports: how many browser's reports stand beside the one that is the event.
    """

    delivery: Delivery
    event: PreparedEvent | None = None
    envelope: PreparedEnvelope | None = None
    items: list[PreparedItem] = field(default_factory=list)
    arrivals: list[tuple[int, str, int]] = field(default_factory=list)
    later_reports: int = 0


def prepare_message(delivery: Delivery, policy: ProjectPolicy) -> PreparedMessage:
    """Open a message and prepare its parts.

    Raises: CompressionError, EnvelopeError, JsonError, NormalizeError: what it holds cannot be
            digested, now or later.
    """
    envelope = open_message(delivery.message, max_bytes=settings.MAX_ENVELOPE_BYTES)
    prepared = PreparedMessage(delivery)
    received_ms = delivery.message.received_ms
    hour = received_ms // 3_600_000
    prepared.arrivals = [(policy.project_id, item.type, hour) for item in envelope.items]
    reports = read_reports(envelope, received_at=received_ms / 1000)
    prepared.later_reports, envelope = reports.later, reports.envelope
    index = next((i for i, item in enumerate(envelope.items) if item.type == "event"), None)
    rest = [(i, item) for i, item in enumerate(envelope.items) if i != index]
    prepared.items = _prepare_items(delivery, rest, policy)
    if index is None and reports.noise and not envelope.items:
        return prepared
    if index is None:
        prepared.envelope = _prepare_envelope(delivery, envelope, policy)
    else:
        problems = _problems_of(rest)
        prepared.event = _prepare_event(delivery, envelope, index, policy, problems)
    return prepared


def _prepare_event(
    delivery: Delivery,
    envelope: Envelope,
    index: int,
    policy: ProjectPolicy,
    problems: list[Problem],
) -> PreparedEvent:
    message, item = delivery.message, envelope.items[index]
    parsed = parse_event(bytes(item.payload))
    source = EventSource(
        row_id=delivery.row_id,
        event_id=message.event_id or _own_id(parsed.raw) or message.receipt.hex(),
        received_at=message.received_ms / 1000,
        sent_at=parse_time(envelope.headers.get("sent_at")),
        client_ip=message.client_ip or None,
        envelope_headers=envelope.headers,
        item_index=index,
        item_headers=item.headers,
    )
    return prepare_event(parsed, source, policy, problems=problems)


def _own_id(raw: Any) -> str:
    return read_event_id(raw.get("event_id")) if isinstance(raw, dict) else ""


def _prepare_envelope(
    delivery: Delivery, envelope: Envelope, policy: ProjectPolicy
) -> PreparedEnvelope:
    headers = prepare_headers(envelope.headers, policy.scrub)
    return PreparedEnvelope(
        policy.project_id, delivery.row_id, read_event_id(envelope.headers.get("event_id")), headers
    )


def _prepare_items(
    delivery: Delivery, items: list[tuple[int, Item]], policy: ProjectPolicy
) -> list[PreparedItem]:
    return [
        prepare_item(
            item.headers,
            bytes(item.payload),
            policy,
            envelope_row_id=delivery.row_id,
            position=position,
        )
        for position, item in items[: settings.MAX_STORED_ITEMS]
    ]


def _problems_of(items: list[tuple[int, Item]]) -> list[Problem]:
    """What the event's reader should know of the rest of its envelope."""
    problems = [
        Problem(f"envelope.items.{position}", "a second event in one envelope; kept unread")
        for position, item in items
        if item.type == "event"
    ]
    if len(items) > settings.MAX_STORED_ITEMS:
        problems.append(
            Problem("envelope.items", f"{len(items)} items; {settings.MAX_STORED_ITEMS} are kept")
        )
    return problems
