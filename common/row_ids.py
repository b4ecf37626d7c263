"""Row ids: integers below 2**53 that grow with time.

Layout, from the top: milliseconds since 2026-01-01 UTC, then 12 bits of source and
sequence. JSON clients read them exactly until the year 2095.
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
EPOCH_MS = int(EPOCH.timestamp() * 1000)
LOW_BITS = 12


def row_id_at(unix_ms: int) -> int:
    """The smallest row id of that millisecond (unix time)."""
    return max(0, unix_ms - EPOCH_MS) << LOW_BITS


def received_at_of(row_id: int) -> datetime:
    """When the inbox gave this id, in UTC, exact to the millisecond."""
    return EPOCH + timedelta(milliseconds=row_id >> LOW_BITS)
