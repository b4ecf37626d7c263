"""Row ids: integers below 2**53 that grow with time.

Layout, from the top: milliseconds since 2026-01-01 UTC, 6 bits of source, 6 bits of sequence
within the millisecond. JSON clients read them exactly until the year 2095. A source alone (an
inbox that is one file) uses all 12 lower bits as sequence.
"""

from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
EPOCH_MS = int(EPOCH.timestamp() * 1000)
LOW_BITS = 12
SEQUENCE_BITS = 6
# Sources 40 to 55 are nobody's.
_FIRST_ASIDE = 40
IDS_ASIDE = 16 << SEQUENCE_BITS
IDS_PER_DAY = 86_400_000 << LOW_BITS


def row_id_at(unix_ms: int) -> int:
    """The smallest row id of that millisecond (unix time)."""
    return max(0, unix_ms - EPOCH_MS) << LOW_BITS


def row_id_of(slot: int, source: int) -> int:
    """The row id of a source's slot; grows with the slot.

    slot:   milliseconds since 2026, times 64, plus 0 to 63; the next one follows by adding 1.
    source: 0 to 63.
    """
    ms, sequence = divmod(slot, 1 << SEQUENCE_BITS)
    return ms << LOW_BITS | source << SEQUENCE_BITS | sequence


def row_id_aside(unix_ms: int, number: int) -> int:
    """A row id of that millisecond (unix time) for what goes past every inbox.

    number: 0 to IDS_ASIDE - 1, by chance: whoever draws an id that is taken draws again.
    """
    return row_id_at(unix_ms) + (_FIRST_ASIDE << SEQUENCE_BITS) + number


def received_at_of(row_id: int) -> datetime:
    """When the inbox gave this id, in UTC, exact to the millisecond."""
    return EPOCH + timedelta(milliseconds=row_id >> LOW_BITS)


def day_of(row_id: int) -> int:
    """The UTC day of a row id, counted from the epoch's."""
    return row_id // IDS_PER_DAY


def ids_of_day(day: int) -> range:
    """The row ids of one day."""
    return range(day * IDS_PER_DAY, (day + 1) * IDS_PER_DAY)


def date_of(day: int) -> date:
    """The calendar day of `day_of`'s number."""
    return EPOCH.date() + timedelta(days=day)
