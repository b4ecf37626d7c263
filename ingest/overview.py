"""The site in numbers: what came, what waits, what was set aside, what it takes on disk."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Min, Sum

from common.row_ids import EPOCH_MS, LOW_BITS
from errors.models import Issue, ItemCount
from ingest.inbox import get_inbox
from ingest.inbox.base import InboxUnavailable, StoreState
from ingest.models import QuarantinedMessage
from projects.models import Project

HOUR_MS = 3_600_000
DAY = timedelta(days=1)
# A compressed event as SDKs send it, for inboxes too empty to tell.
TYPICAL_MESSAGE_BYTES = 7_000


@dataclass(frozen=True, slots=True)
class SiteNumbers:
    """Totals of the whole site; bytes and seconds as named.

    events:       exact, also those whose payload went with age or number.
    inbox_faults: a sentence for each store of the inbox that is away, thus not counted, or that
                  may lose messages.
    """

    inbox_depth: int
    inbox_oldest_s: float
    inbox_bytes: int
    events: int
    issues: int
    quarantined: int
    disk_bytes: int
    inbox_faults: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Traffic:
    """The last 24 hours, by hour since 1970 (UTC): items, events among them, set aside."""

    items: Mapping[int, int]
    events: Mapping[int, int]
    quarantined: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Storage:
    """The disk below the data folder, and how long it lasts at the pace so far.

    days_left: None while it is too early to tell, or where retention keeps the size as it is.
    """

    free_bytes: int
    total_bytes: int
    days_left: int | None

    @property
    def free_percent(self) -> float:
        return 100 * self.free_bytes / self.total_bytes


def site_numbers() -> SiteNumbers:
    """What `manage.py status` and the admin's first page tell. Raises InboxUnavailable."""
    every = get_inbox().state()
    stores = [store for store in every if not store.error]
    if not stores:
        raise InboxUnavailable(every[0].error)
    issues = Issue.objects.present().aggregate(events=Sum("event_count"), issues=Count("pk"))
    return SiteNumbers(
        inbox_depth=sum(store.depth for store in stores),
        inbox_oldest_s=round(max(store.oldest_age_s for store in stores), 3),
        inbox_bytes=sum(store.bytes for store in stores),
        events=issues["events"] or 0,
        issues=issues["issues"],
        quarantined=QuarantinedMessage.objects.count(),
        disk_bytes=_bytes_below(Path(settings.DATA_DIR)) + _database_bytes(),
        inbox_faults=list(_faults_of(every)),
    )


def _faults_of(stores: Sequence[StoreState]) -> Iterator[str]:
    """A sentence for each store that is away or may lose messages."""
    for store in stores:
        if store.error:
            yield f"{store.name} cannot be reached: {store.error}"
        yield from store.warnings


def read_traffic(now: datetime) -> Traffic:
    """The last 24 hours, by hour."""
    first_hour = int((now - DAY).timestamp()) // 3600 + 1
    items: dict[int, int] = {}
    events: dict[int, int] = {}
    rows = ItemCount.objects.filter(hour__gte=first_hour).values_list("hour", "type", "count")
    for hour, item_type, count in rows:
        items[hour] = items.get(hour, 0) + count
        if item_type == "event":
            events[hour] = events.get(hour, 0) + count
    return Traffic(items, events, _quarantined_by_hour(now - DAY))


def _quarantined_by_hour(since: datetime) -> dict[int, int]:
    """By the hour of receipt, which the row id tells."""
    epoch_hour = EPOCH_MS // HOUR_MS
    rows = (
        QuarantinedMessage.objects.filter(quarantined_at__gte=since)
        .values_list(F("id") / (HOUR_MS << LOW_BITS))
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {epoch_hour + hour: count for hour, count in rows}


def read_storage(disk_bytes: int, now: datetime) -> Storage:
    """How much room there is, and for how long."""
    disk = shutil.disk_usage(settings.DATA_DIR)
    reserve = disk.total * settings.MIN_FREE_DISK_PERCENT // 100
    first_event_at = Project.objects.aggregate(first=Min("first_event_at"))["first"]
    age = (now - first_event_at) / DAY if first_event_at else 0.0
    days_left = days_until_full(disk_bytes, max(0, disk.free - reserve), age)
    return Storage(disk.free, disk.total, days_left)


def days_until_full(used_bytes: int, usable_bytes: int, age_days: float) -> int | None:
    """Days until `usable_bytes` are used, if growth goes on as since the first event."""
    if age_days < 1 or age_days > settings.RETENTION_EVENT_DAYS:
        return None
    return int(usable_bytes / (used_bytes / age_days))


def backlog_room_s(numbers: SiteNumbers, traffic: Traffic) -> int | None:
    """How many seconds of the last day's traffic the inbox can still take; None without any."""
    bytes_per_message = (
        numbers.inbox_bytes / numbers.inbox_depth if numbers.inbox_depth else TYPICAL_MESSAGE_BYTES
    )
    per_second = sum(traffic.items.values()) / DAY.total_seconds()
    if not per_second:
        return None
    room = max(0, settings.INBOX_MAX_BYTES - numbers.inbox_bytes)
    return int(room / bytes_per_message / per_second)


def _bytes_below(folder: Path) -> int:
    return sum(_file_bytes(path) for path in folder.rglob("*"))


def _file_bytes(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:  # A spool file may be digested meanwhile.
        return 0


def _database_bytes() -> int:
    """The size of a database server's data; SQLite's file lies in the data folder."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size: int = cursor.fetchone()[0]
    return size
