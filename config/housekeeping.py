"""What else does not stay for ever, over all apps: for `manage.py enforce_retention`."""

from datetime import datetime

from django.contrib.sessions.models import Session

from errors.services.pace import Pace, Stopped
from errors.services.retention import fold_counts
from ingest.services import count_old, remove_old_quarantine, remove_old_receipts

RECEIPTS, QUARANTINE, SESSIONS, HOURS = (
    "receipts",
    "quarantined messages",
    "sessions",
    "hourly counts, folded",
)


def count_others(*, now: datetime) -> dict[str, int]:
    """How many rows of each kind would go; counts by the hour are not looked through."""
    receipts, quarantined = count_old(now=now)
    sessions = Session.objects.filter(expire_date__lt=now).count()
    return {RECEIPTS: receipts, QUARANTINE: quarantined, SESSIONS: sessions}


def remove_others(*, now: datetime, pace: Pace) -> tuple[dict[str, int], bool]:
    """Remove them; return how many rows of each kind went, and whether that was all."""
    removed: dict[str, int] = {}
    try:
        removed[RECEIPTS] = remove_old_receipts(now=now, pace=pace)
        removed[QUARANTINE] = remove_old_quarantine(now=now, pace=pace)
        removed[SESSIONS] = Session.objects.filter(expire_date__lt=now).delete()[0]
        removed[HOURS] = fold_counts(now=now, pace=pace)
    except Stopped:
        return removed, False
    return removed, True
