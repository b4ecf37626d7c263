"""Read a batch, write it, acknowledge it. What is bad is found by halving and set aside."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from django.db import connection, transaction

from common.compression import CompressionError
from common.jsonio import JsonError
from errors.normalize import NormalizeError
from errors.services.policies import policy_of
from errors.services.record import Recorded, forget_caches
from errors.services.record_issues import StaleAssignmentError
from errors.storage.dictionaries import notice_dictionaries
from ingest.digest.announce import announce, announce_feedback, wake_learning
from ingest.digest.marks import forget_marks
from ingest.digest.outages import OUTAGES, writing
from ingest.digest.outcomes import Outcomes, count_message
from ingest.digest.prepare import PreparedMessage, prepare_message
from ingest.digest.quarantine import RepeatedDeliveryError, quarantine
from ingest.digest.reports import hand_on_reports
from ingest.digest.write import write_batch
from ingest.inbox.base import MAX_DELIVERIES, Delivery, InboxUnavailable, Source
from ingest.protocol.envelope import EnvelopeError
from projects.statistics import Outcome, add_outcomes

MAX_MESSAGES = 200
MAX_BYTES = 4 * 1024 * 1024
LINGER_MS = 50
# Waits before a batch is tried again: the database is away, locked or full.
BACK_OFF_S = (0.1, 0.5, 2.0)
STALE_ATTEMPTS = 5
# The known ways in which a message is bad; anything else may be our own fault.
MESSAGE_FAULTS = (CompressionError, EnvelopeError, JsonError, NormalizeError, RepeatedDeliveryError)

log = structlog.get_logger(__name__)
# Set when the process ends: the batch in hand is finished, the rest waits in the inbox.
stopping = threading.Event()


@dataclass(slots=True)
class BatchResult:
    """What became of a batch: messages read, events recorded, messages set aside or dropped.

    Dropped are those whose project is deleted.
    """

    read: int = 0
    recorded: list[Recorded] = field(default_factory=list)
    quarantined: int = 0
    dropped: int = 0
    dropped_outcomes: Outcomes = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Drained:
    """How many messages were read, and whether the source had no more."""

    read: int
    is_empty: bool


def drain(source: Source, budget_s: float) -> Drained:
    """Digest batches until the source is empty or the time is over.

    Raises: OperationalError, InterfaceError when the database stays away, InboxUnavailable when
    the source does; it keeps all.
    """
    stop_at = time.monotonic() + budget_s
    read = 0
    try:
        while time.monotonic() < stop_at and not stopping.is_set():
            result = digest_batch(source)
            if not result.read:
                return Drained(read, is_empty=True)
            read += result.read
        return Drained(read, is_empty=False)
    finally:
        # An outage is no crash: nobody need wait for a lease, nor count what was not written.
        with suppress(InboxUnavailable):
            source.give_back()


def digest_batch(source: Source) -> BatchResult:
    """Digest the source's next messages; acknowledge them only when all is committed."""
    deliveries = source.read(max_messages=MAX_MESSAGES, max_bytes=MAX_BYTES, linger_ms=LINGER_MS)
    result = BatchResult(read=len(deliveries))
    if deliveries:
        notice_dictionaries()
        prepared = _prepare(deliveries, result)
        _write(prepared, result)
        if result.dropped:
            with writing(), transaction.atomic():
                add_outcomes(result.dropped_outcomes)
        source.ack(deliveries)
        if result.dropped:
            log.info("digest.dropped", messages=result.dropped, reason="project deleted")
        announce(result.recorded)
        announce_feedback(each for one in prepared for each in one.parts.feedback)
        wake_learning(one.event for one in prepared if one.event)
    return result


def _prepare(deliveries: Sequence[Delivery], result: BatchResult) -> list[PreparedMessage]:
    """Prepare one message after the other; only one parsed event is held at a time."""
    prepared = []
    for delivery in deliveries:
        policy = policy_of(delivery.message.project_id)
        if policy is None:
            _drop(delivery, result)
            continue
        try:
            if delivery.deliveries >= MAX_DELIVERIES:
                raise RepeatedDeliveryError(f"delivered {delivery.deliveries} times")
            one = prepare_message(delivery, policy)
            if one.later_reports:
                one = prepare_message(hand_on_reports(delivery), policy)
            prepared.append(one)
        except (*OUTAGES, InboxUnavailable):
            raise
        except Exception as error:
            _set_aside(delivery, error, result)
    return prepared


def _write(batch: Sequence[PreparedMessage], result: BatchResult) -> None:
    if not batch:
        return
    try:
        result.recorded += _write_patiently(batch)
    except OUTAGES:
        raise
    except Exception as error:
        _forget()
        if len(batch) == 1:
            _judge(batch[0].delivery, error, result)
            return
        middle = len(batch) // 2
        _write(batch[:middle], result)
        _write(batch[middle:], result)


def _write_patiently(batch: Sequence[PreparedMessage]) -> list[Recorded]:
    """Write, again when keys have moved meanwhile, and again after a pause in an outage."""
    stale = 0
    pauses = iter(BACK_OFF_S)
    while True:
        try:
            with writing():
                return write_batch(batch, now=time.time())
        except StaleAssignmentError:
            _forget()
            stale += 1
            if stale == STALE_ATTEMPTS:
                raise
        except OUTAGES as error:
            _forget()
            pause_s = next(pauses, None)
            if pause_s is None:
                raise
            log.warning("digest.database_away", error=str(error), retry_in_s=pause_s)
            connection.close_if_unusable_or_obsolete()
            time.sleep(pause_s)


def _judge(delivery: Delivery, error: Exception, result: BatchResult) -> None:
    """Decide on the one message that cannot be written: its project may have gone meanwhile."""
    if policy_of(delivery.message.project_id) is None:
        _drop(delivery, result)
    else:
        _set_aside(delivery, error, result)


def _drop(delivery: Delivery, result: BatchResult) -> None:
    """Its project is deleted; nothing is left of it but a number."""
    result.dropped += 1
    outcomes = count_message(delivery.message, Outcome.DROPPED, "project_deleted")
    result.dropped_outcomes.update(outcomes)


def _set_aside(delivery: Delivery, error: Exception, result: BatchResult) -> None:
    if not isinstance(error, MESSAGE_FAULTS):
        log.error("digest.failed", row_id=delivery.row_id, exc_info=error)
    with writing():
        quarantine(delivery, error, now=time.time())
    result.quarantined += 1


def _forget() -> None:
    forget_caches()
    forget_marks()
