"""From a message to all that is written of it. Nothing is written here."""

from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings

from errors.models import KeptBytes
from errors.normalize import Problem
from errors.normalize.parse import ParsedEvent, parse_event
from errors.normalize.times import parse_time
from errors.services.budgets import has_room, take_room
from errors.services.policies import ProjectPolicy
from errors.services.prepare import EventSource, PreparedEvent, prepare_event
from errors.services.prepare_items import ItemSource, PreparedEnvelope, prepare_headers
from ingest.digest.items import PreparedParts, take_item
from ingest.digest.native_crashes import add_native_crash
from ingest.digest.outcomes import Outcomes, count_envelope
from ingest.digest.reports import read_reports
from ingest.inbox.base import Delivery
from ingest.protocol.envelope import Envelope, Item
from ingest.protocol.event_ids import read_event_id
from ingest.protocol.open import open_message


@dataclass(slots=True)
class PreparedMessage:
    """What a message brought.

    arrivals:      (project id, item type, hour since 1970) of every item.
    outcomes:      what its items count as in the project's statistics.
    later_reports: how many browser's reports stand beside the one that is the event.
    """

    delivery: Delivery
    event: PreparedEvent | None = None
    envelope: PreparedEnvelope | None = None
    parts: PreparedParts = field(default_factory=PreparedParts)
    arrivals: list[tuple[int, str, int]] = field(default_factory=list)
    outcomes: Outcomes = field(default_factory=Counter)
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
    items = envelope.items
    reports = read_reports(envelope, received_at=received_ms / 1000)
    prepared.later_reports, envelope = reports.later, add_native_crash(reports.envelope)
    left_out = {id(item): "noise" for item in reports.noise}
    if envelope.items or not reports.noise:
        left_out |= _prepare_opened(prepared, envelope, policy)
    prepared.outcomes = count_envelope(policy.project_id, hour, items, left_out)
    return prepared


def _prepare_opened(
    prepared: PreparedMessage, envelope: Envelope, policy: ProjectPolicy
) -> dict[int, str]:
    """Prepare the parts; why some items are not kept, by their identity."""
    delivery = prepared.delivery
    index = next((i for i, item in enumerate(envelope.items) if item.type == "event"), None)
    rest = [(i, item) for i, item in enumerate(envelope.items) if i != index]
    if index is None:
        event_id = read_event_id(envelope.headers.get("event_id"))
        prepared.parts = _prepare_parts(delivery, rest, event_id, policy)
        prepared.envelope = _prepare_envelope(delivery, envelope, event_id, policy)
    else:
        parsed = parse_event(bytes(envelope.items[index].payload))
        event_id = _event_id(delivery, parsed)
        prepared.parts = _prepare_parts(delivery, rest, event_id, policy)
        source = _source_of(delivery, envelope, index, event_id)
        problems = [*_problems_of(rest), *prepared.parts.problems]
        prepared.event = prepare_event(parsed, source, policy, problems=problems)
    left_out = {id(item): "too_many_items" for _, item in rest[settings.MAX_STORED_ITEMS :]}
    full = prepared.parts.full
    return left_out | {id(item): "no_room" for position, item in rest if position in full}


def _source_of(delivery: Delivery, envelope: Envelope, index: int, event_id: str) -> EventSource:
    message = delivery.message
    return EventSource(
        row_id=delivery.row_id,
        event_id=event_id,
        received_at=message.received_ms / 1000,
        sent_at=parse_time(envelope.headers.get("sent_at")),
        client_ip=message.client_ip or None,
        envelope_headers=envelope.headers,
        item_index=index,
        item_headers=envelope.items[index].headers,
    )


def _event_id(delivery: Delivery, parsed: ParsedEvent) -> str:
    """The envelope's, else the event's own, else one that every copy of the message carries."""
    message, raw = delivery.message, parsed.raw
    own = read_event_id(raw.get("event_id")) if isinstance(raw, dict) else ""
    return message.event_id or own or message.receipt.hex()


def _prepare_envelope(
    delivery: Delivery, envelope: Envelope, event_id: str, policy: ProjectPolicy
) -> PreparedEnvelope | None:
    """The header to keep; None where the project has no room for more."""
    if not has_room(policy.project_id, KeptBytes.Kind.ITEM.value):
        return None
    headers = prepare_headers(envelope.headers, policy.scrub)
    kept = PreparedEnvelope(policy.project_id, delivery.row_id, event_id, headers)
    take_room(policy.project_id, KeptBytes.Kind.ITEM.value, kept.kept_bytes)
    return kept


def _prepare_parts(
    delivery: Delivery, items: list[tuple[int, Item]], event_id: str, policy: ProjectPolicy
) -> PreparedParts:
    parts = PreparedParts()
    for position, item in items[: settings.MAX_STORED_ITEMS]:
        payload = bytes(item.payload)
        source = ItemSource(delivery.row_id, position, event_id, item.headers, payload)
        take_item(parts, source, policy)
    return parts


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
