"""Celery tasks of the ingest app. Messages carry no data: they only wake."""

import threading

from celery import shared_task
from django.utils import timezone

from ingest.digest import drain
from ingest.inbox import get_inbox
from ingest.services import remove_old_quarantine, remove_old_receipts
from ingest.wake import wake_digest

# A worker comes back for other tasks this often, and for the wake-up that follows.
BUDGET_S = 30.0

# One reader a process: the pool's other threads have nothing to read meanwhile.
_digesting = threading.Lock()


@shared_task
def digest_inbox() -> None:
    """Digest what waits in the inbox."""
    inbox = get_inbox()
    if not _digesting.acquire(blocking=False):
        return
    try:
        read = drain(inbox, BUDGET_S)
    finally:
        _digesting.release()
    # The time was over, or a message came after the last look and its wake-up met the lock.
    if read and inbox.depth():
        wake_digest()


@shared_task
def remove_old_messages() -> None:
    """Hourly: receipts that nothing can meet any more, quarantine that nobody replayed."""
    remove_old_receipts(now=timezone.now())
    remove_old_quarantine(now=timezone.now())
