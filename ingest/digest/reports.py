"""Browsers' reports on their way to issues: each becomes the event of a message of its own."""

from dataclasses import dataclass, field, replace
from hashlib import blake2b

import structlog
from django.conf import settings

from common.jsonio import JsonError, dumps, loads
from errors.item_types import size_limit_of
from errors.security_reports import is_noise, make_event, read_report
from ingest.inbox import APPEND_TIMEOUT_S, get_inbox
from ingest.inbox.base import Delivery, InboxFull, InboxUnavailable, Message
from ingest.protocol.envelope import Envelope, Item, write_envelope
from ingest.protocol.open import open_message

REPORT_TYPES = frozenset({"nel", "raw_security"})

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class ReadReports:
    """An envelope whose first report became its event.

    noise: the items that nobody can act on; they are left out of the envelope.
    later: how many reports still stand in it.
    """

    envelope: Envelope
    noise: list[Item] = field(default_factory=list)
    later: int = 0


def read_reports(envelope: Envelope, *, received_at: float) -> ReadReports:
    """Turn the first report of an envelope without an event into one, and leave out noise.

    received_at: unix seconds. A report of no known shape stays an item.
    """
    types = {item.type for item in envelope.items}
    if not types & REPORT_TYPES or "event" in types:
        return ReadReports(envelope)
    result = ReadReports(Envelope(envelope.headers, []))
    kept = result.envelope.items
    has_event = False
    for item in envelope.items:
        found = _parse(item)
        if is_noise(found):
            result.noise.append(item)
            continue
        report = read_report(found)
        if report and not has_event:
            event = make_event(report, item.headers, received_at=received_at)
            item, has_event = Item({**item.headers, "type": "event"}, dumps(event)), True
        elif report:
            result.later += 1
        kept.append(item)
    return result


def hand_on_reports(delivery: Delivery) -> Delivery:
    """Give each report after the first back to the inbox, as a message with an id of its own.

    Their ids follow from the message's, so that handing on twice makes no second event. In a full
    inbox they stay where they are: items of the first one's envelope.
    Raises: InboxUnavailable.
    """
    message = delivery.message
    envelope = open_message(message, max_bytes=settings.MAX_ENVELOPE_BYTES)
    _, *later = [item for item in envelope.items if _makes_an_issue(item)]
    messages = [
        _message_of(message, envelope, number, item) for number, item in enumerate(later, 1)
    ]
    try:
        for appended in [get_inbox().append(one) for one in messages]:
            appended.result(APPEND_TIMEOUT_S)
    except TimeoutError as error:
        raise InboxUnavailable("The inbox did not answer.") from error
    except InboxFull:
        log.warning("digest.reports_not_handed_on", reports=len(later), row_id=delivery.row_id)
        return delivery
    rest = [item for item in envelope.items if not any(item is one for one in later)]
    body = write_envelope(Envelope(envelope.headers, rest))
    return replace(delivery, message=replace(message, coding="", body=body))


def _message_of(message: Message, envelope: Envelope, number: int, item: Item) -> Message:
    """A later report as an envelope of its own, always with the same id."""
    receipt = blake2b(message.receipt + number.to_bytes(2, "big"), digest_size=16).digest()
    event_id = receipt.hex()
    body = write_envelope(Envelope({**envelope.headers, "event_id": event_id}, [item]))
    return replace(message, receipt=receipt, event_id=event_id, coding="", body=body)


def _makes_an_issue(item: Item) -> bool:
    found = _parse(item)
    return not is_noise(found) and read_report(found) is not None


def _parse(item: Item) -> object:
    """What a report's item holds; None for another item, a large one, and what is no JSON."""
    if item.type not in REPORT_TYPES or len(item.payload) > size_limit_of(item.type):
        return None
    try:
        return loads(item.payload)
    except JsonError:
        return None
