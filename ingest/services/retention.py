"""Let go of receipts that no copy can meet any more, and of quarantine that nobody replayed."""

from datetime import datetime, timedelta

from django.conf import settings

from common.row_ids import row_id_at
from errors.rows import count_where, delete_in_steps
from errors.services.pace import Pace
from ingest.models import QuarantinedMessage, Receipt

# Beyond quarantine: how long an SDK, a proxy or an inbox may hold a copy back.
RECEIPT_MARGIN_DAYS = 7
# Bodies can be large.
QUARANTINE_STEP = 20


def remove_old_receipts(*, now: datetime, pace: Pace | None = None) -> int:
    """Forget the receipts that are older than everything that may still be delivered.

    Raises: Stopped by the pace; run it again.
    """
    removed = 0
    for count in delete_in_steps(Receipt, "row_id < %s", [_oldest_receipt(now)]):
        removed += count
        if pace:
            pace.rest()
    return removed


def remove_old_quarantine(*, now: datetime, pace: Pace | None = None) -> int:
    """Remove messages set aside more than QUARANTINE_DAYS ago. Raises: Stopped by the pace."""
    old = QuarantinedMessage.objects.filter(quarantined_at__lt=_oldest_quarantine(now))
    removed = 0
    while ids := list(old.order_by().values_list("pk", flat=True)[:QUARANTINE_STEP]):
        removed += QuarantinedMessage.objects.filter(pk__in=ids).delete()[0]
        if pace:
            pace.rest()
    return removed


def count_old(*, now: datetime) -> tuple[int, int]:
    """How many receipts and messages set aside would go now."""
    old = QuarantinedMessage.objects.filter(quarantined_at__lt=_oldest_quarantine(now))
    return count_where(Receipt, "row_id < %s", [_oldest_receipt(now)]), old.count()


def _oldest_receipt(now: datetime) -> int:
    oldest = now - timedelta(days=settings.QUARANTINE_DAYS + RECEIPT_MARGIN_DAYS)
    return row_id_at(int(oldest.timestamp() * 1000))


def _oldest_quarantine(now: datetime) -> datetime:
    return now - timedelta(days=settings.QUARANTINE_DAYS)
