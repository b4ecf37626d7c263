"""One batch, one transaction: each message once, by its event's id or its receipt."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction

from errors.models import SeenEvent
from errors.rows import insert_new
from errors.services.attachments import record_attachments
from errors.services.feedback import join_feedback, record_feedback
from errors.services.record import Recorded, RowIdTakenError, assign, record_events
from errors.services.record_items import count_items, record_items
from ingest.digest.marks import mark_begin, mark_use
from ingest.digest.outcomes import Outcomes, as_duplicate
from ingest.digest.prepare import PreparedMessage
from ingest.models import Receipt
from projects.statistics import add_outcomes


def write_batch(batch: Sequence[PreparedMessage], *, now: float) -> list[Recorded]:
    """Write what these messages brought, leaving out what was written before.

    An event that was counted before came in an envelope that was sent or delivered again: its
    other items were kept then, and are not kept twice.
    Raises: StaleAssignmentError, RowIdTakenError, and what the database raises; nothing is
            written then.
    """
    assigned = assign([one.event for one in batch if one.event], now=now)
    with transaction.atomic():
        fresh = _without_written(batch)
        recorded = record_events([one.event for one in fresh if one.event], assigned, now=now)
        written = {one.row_id for one in recorded}
        kept = [one for one in fresh if not one.event or one.delivery.row_id in written]
        _write_parts(kept)
        count_items(arrival for one in kept for arrival in one.arrivals)
        add_outcomes(_outcomes_of(kept, _sent_again(fresh, kept)))
        mark_use([one.delivery.message for one in kept], now=now)
        mark_begin((one.project_id for one in recorded), now=now)
    return recorded


def _write_parts(kept: Sequence[PreparedMessage]) -> None:
    envelopes = [one.envelope for one in kept if one.envelope]
    record_items(envelopes, [item for one in kept for item in one.parts.items])
    record_attachments([each for one in kept for each in one.parts.attachments])
    feedback = [each for one in kept for each in one.parts.feedback]
    record_feedback(feedback)
    about = [each.event_id for each in feedback if each.event_id]
    join_feedback([*about, *(one.event.event_id for one in kept if one.event)])


def _sent_again(
    fresh: Sequence[PreparedMessage], kept: Sequence[PreparedMessage]
) -> list[PreparedMessage]:
    """The messages whose event came before in another message, not in a delivery of this one."""
    ids = {one.delivery.row_id for one in kept}
    rest = [one for one in fresh if one.delivery.row_id not in ids]
    if not rest:
        return []
    own = SeenEvent.objects.filter(pk__in=[one.delivery.row_id for one in rest])
    delivered = set(own.values_list("pk", flat=True))
    return [one for one in rest if one.delivery.row_id not in delivered]


def _outcomes_of(
    kept: Iterable[PreparedMessage], sent_again: Iterable[PreparedMessage]
) -> Outcomes:
    counts: Outcomes = Counter()
    for one in kept:
        counts.update(one.outcomes)
    for one in sent_again:
        counts.update(as_duplicate(one.outcomes))
    return counts


def _without_written(batch: Iterable[PreparedMessage]) -> list[PreparedMessage]:
    """Leave out the messages that a receipt knows; an event is known by its own id instead."""
    rows = sorted(
        (one.delivery.message.receipt, one.delivery.row_id) for one in batch if not one.event
    )
    if not rows:
        return list(batch)
    inserted = insert_new(Receipt, ("receipt", "row_id"), rows, returning=("row_id",))
    fresh = {row_id for (row_id,) in inserted}
    known = {receipt for receipt, row_id in rows if row_id not in fresh}
    if known and Receipt.objects.filter(receipt__in=known).count() < len(known):
        raise RowIdTakenError("another message has this row id")
    return [one for one in batch if one.event or one.delivery.row_id in fresh]
