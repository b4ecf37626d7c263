"""Let go of receipts that no copy can meet any more, and of quarantine that nobody replayed."""

from datetime import datetime, timedelta

from django.conf import settings

from common.row_ids import row_id_at
from errors.rows import delete_where
from ingest.models import QuarantinedMessage, Receipt

# Beyond quarantine: how long an SDK, a proxy or an inbox may hold a copy back.
RECEIPT_MARGIN_DAYS = 7


def remove_old_receipts(*, now: datetime) -> int:
    """Forget the receipts that are older than everything that may still be delivered."""
    keep = timedelta(days=settings.QUARANTINE_DAYS + RECEIPT_MARGIN_DAYS)
    return delete_where(Receipt, "row_id < %s", [_row_id(now - keep)])


def remove_old_quarantine(*, now: datetime) -> int:
    """Remove messages set aside more than QUARANTINE_DAYS ago."""
    cutoff = now - timedelta(days=settings.QUARANTINE_DAYS)
    removed, _ = QuarantinedMessage.objects.filter(quarantined_at__lt=cutoff).delete()
    return removed


def _row_id(moment: datetime) -> int:
    return row_id_at(int(moment.timestamp() * 1000))
