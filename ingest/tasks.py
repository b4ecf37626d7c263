"""Celery tasks of the ingest app. Messages carry no data: they only wake."""

import threading
from contextlib import suppress

from celery import shared_task
from django.utils import timezone

from errors.services.pace import Pace, Stopped
from ingest.digest.turns import digest_in_turns
from ingest.inbox import get_inbox
from ingest.services import remove_old_quarantine, remove_old_receipts
from ingest.wake import send_wake_up

# A worker comes back for other tasks this often, and for the wake-up that follows.
BUDGET_S = 30.0
# Others of the maintenance queue wait no longer.
HOUSEKEEPING_S = 20

# One a process: more threads of it would wait for one another, not for the database.
_digesting = threading.Lock()
# Sources to be woken for once more: what others were woken for meanwhile, what took too long.
_missed: set[int | None] = set()


@shared_task
def digest_inbox(source: int | None = None) -> None:
    """Digest what waits in one source of the inbox, or in all of them."""
    if not _digesting.acquire(blocking=False):
        _missed.add(source)
        return
    try:
        if digest_in_turns(get_inbox().sources, source, BUDGET_S):
            _missed.add(source)
    finally:
        _digesting.release()
    with suppress(KeyError):
        while True:
            send_wake_up(_missed.pop())


@shared_task
def remove_old_messages() -> None:
    """Hourly: receipts that nothing can meet any more, quarantine that nobody replayed."""
    pace = Pace(seconds=HOUSEKEEPING_S)
    with suppress(Stopped):
        remove_old_receipts(now=timezone.now(), pace=pace)
        remove_old_quarantine(now=timezone.now(), pace=pace)
