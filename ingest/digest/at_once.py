"""One message digested while its sender waits: a batch of one, past the inbox."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from common.row_ids import IDS_ASIDE, row_id_aside
from errors.services.policies import policy_of
from errors.services.record import Recorded, RowIdTakenError, forget_caches
from errors.services.record_issues import StaleAssignmentError
from errors.storage.dictionaries import notice_dictionaries
from ingest.digest.announce import announce, wake_learning
from ingest.digest.marks import forget_marks
from ingest.digest.outages import OUTAGES, writing
from ingest.digest.patience import waiting_until
from ingest.digest.prepare import PreparedMessage, prepare_message
from ingest.digest.write import write_batch
from ingest.errors import IngestError
from ingest.inbox.base import Delivery, Message

# So long a sender waits for a database that is locked.
WAIT_S = 2.0
RETRY_AFTER_S = 5
# Keys that moved meanwhile, or a row id that somebody has.
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Digested:
    """What became of an event, and the hash that groups it."""

    recorded: Recorded
    fingerprint: str


def digest_at_once(message: Message) -> Digested:
    """Write a message that holds one new event; all that can be worked out before is.

    Raises: IngestError 503, nothing is kept then; 404 when its project is deleted.
    """
    deadline = time.monotonic() + WAIT_S
    with _outages_refused():
        for _ in range(ATTEMPTS):
            prepared = _prepare(message)
            recorded = _write(prepared, deadline)
            if recorded and prepared.event:
                announce([recorded])
                wake_learning([prepared.event])
                return Digested(recorded, prepared.event.grouping.primary)
    raise IngestError(503, "The database is busy", retry_after_s=RETRY_AFTER_S)


def _prepare(message: Message) -> PreparedMessage:
    policy = policy_of(message.project_id)
    if policy is None:
        raise IngestError(404, "Not found")
    notice_dictionaries()
    row_id = row_id_aside(message.received_ms, secrets.randbelow(IDS_ASIDE))
    return prepare_message(Delivery(row_id, message, deliveries=1), policy)


def _write(prepared: PreparedMessage, deadline: float) -> Recorded | None:
    """None when it must be prepared and written once more."""
    try:
        with waiting_until(deadline), writing():
            recorded = write_batch([prepared], now=time.time())
    except (StaleAssignmentError, RowIdTakenError):
        _forget()
        return None
    except OUTAGES:
        _forget()
        raise
    return recorded[0] if recorded else None


@contextmanager
def _outages_refused() -> Iterator[None]:
    try:
        yield
    except OUTAGES as error:
        connection.close_if_unusable_or_obsolete()
        detail = "The database is locked or cannot be reached"
        raise IngestError(503, detail, retry_after_s=RETRY_AFTER_S) from error


def _forget() -> None:
    forget_caches()
    forget_marks()
