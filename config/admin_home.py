"""What the admin's first page says about the site: its numbers, and what needs a person."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.conf import settings
from django_celery_beat.models import PeriodicTask

from common.wording import describe_size
from config.readiness import PartState, read_parts
from errors.presenters.charts import Sparkline, draw_sparkline, hour_of
from ingest.inbox.base import InboxUnavailable
from ingest.overview import (
    SiteNumbers,
    Storage,
    Traffic,
    backlog_room_s,
    read_storage,
    read_traffic,
    site_numbers,
)

# An inbox that is emptied has no message this old; the digest is down or far behind.
OLDEST_WAITING_S = 60
INBOX_FULL_PERCENT = 80
DAYS_LEFT = 7
LONG_DAYS = 730
YEAR_S = 365 * 86_400
# A schedule that missed this many of its runs in a row has stopped.
MISSED_RUNS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the big numbers. `alarm` is what a person must do, or empty."""

    label: str
    number: int
    note: str
    sparkline: Sparkline | None = None
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """A schedule and its last run."""

    name: str
    interval: str
    last_run_at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Home:
    """The first page. `failure` tells why there are no figures, `alarms` what else is wrong."""

    figures: list[Figure]
    storage: Figure | None
    schedules: list[ScheduleLine]
    failure: str = ""
    alarms: list[str] = field(default_factory=list)


def read_home(now: datetime) -> Home:
    """Read everything; an inbox that cannot be read becomes a sentence, not an error page."""
    return replace(_read_figures(now), alarms=[*describe_parts(read_parts(), now)])


def describe_parts(parts: Iterable[PartState], now: datetime) -> Iterator[str]:
    """A sentence for each part that is away, and each warning of those that are there."""
    for part in parts:
        if part.error:
            name = part.name[0].upper() + part.name[1:]
            away_s = int((now - part.since).total_seconds()) if part.since else 0
            yield f"{name}, away for {describe_span(max(0, away_s))}: {part.detail or part.error}"
        yield from part.warnings


def _read_figures(now: datetime) -> Home:
    schedules = read_schedules(now)
    try:
        numbers = site_numbers()
    except InboxUnavailable as error:
        return Home([], None, schedules, f"The inbox cannot be read: {error}")
    traffic = read_traffic(now)
    figures = draw_figures(numbers, traffic, now)
    return Home(figures, draw_storage(numbers, read_storage(numbers.disk_bytes, now)), schedules)


def draw_figures(numbers: SiteNumbers, traffic: Traffic, now: datetime) -> list[Figure]:
    """Accepted, digested, waiting, set aside."""
    return [
        Figure(
            "Accepted",
            sum(traffic.items.values()) + numbers.inbox_depth,
            "items in 24 hours",
            _trend(traffic.items, now, "items"),
        ),
        Figure(
            "Digested",
            sum(traffic.events.values()),
            f"events in 24 hours; in all {_count(numbers.events, 'event')}"
            f" in {_count(numbers.issues, 'issue')}",
            _trend(traffic.events, now, "events"),
        ),
        _waiting(numbers, traffic),
        Figure(
            "Set aside",
            numbers.quarantined,
            f"kept for {settings.QUARANTINE_DAYS} days",
            _trend(traffic.quarantined, now, "messages set aside"),
            "Look at the causes, then replay or delete." if numbers.quarantined else "",
        ),
    ]


def _waiting(numbers: SiteNumbers, traffic: Traffic) -> Figure:
    limit = settings.INBOX_MAX_BYTES
    note = f"{describe_size(numbers.inbox_bytes)} of {describe_size(limit)}"
    room_s = backlog_room_s(numbers, traffic)
    if room_s is not None and room_s < YEAR_S:
        note += f", room for {describe_span(room_s)} at this pace"
    alarm = ""
    if numbers.inbox_oldest_s > OLDEST_WAITING_S:
        alarm = "The digest does not keep up: is the worker running?"
    elif numbers.inbox_bytes * 100 > limit * INBOX_FULL_PERCENT:
        alarm = "The inbox is nearly full; then clients are told to wait."
    if numbers.inbox_depth:
        note = f"oldest {describe_span(int(numbers.inbox_oldest_s))}, {note}"
    return Figure("Waiting", numbers.inbox_depth, note, alarm=alarm)


def draw_storage(numbers: SiteNumbers, storage: Storage) -> Figure:
    """How much it takes, how much is free, how long that lasts."""
    note = f"{describe_size(storage.free_bytes)} free ({storage.free_percent:.0f} %)"
    alarm = ""
    if storage.free_percent <= settings.MIN_FREE_DISK_PERCENT:
        alarm = "The disk is full: nothing is accepted any more. Make room."
    elif storage.days_left is not None:
        span = "years" if storage.days_left > LONG_DAYS else f"{storage.days_left:,} days"
        note += f", enough for {span} at the pace so far"
        if storage.days_left < DAYS_LEFT:
            alarm = "The disk fills up within days: make room, or keep events for a shorter time."
    return Figure("Storage", numbers.disk_bytes, note, alarm=alarm)


def read_schedules(now: datetime) -> list[ScheduleLine]:
    """Every schedule that is switched on, those that are late first."""
    tasks = PeriodicTask.objects.filter(enabled=True).select_related("interval", "crontab")
    lines = [_schedule_line(task, now) for task in tasks]
    return sorted(lines, key=lambda line: (not line.is_late, line.name))


def _schedule_line(task: PeriodicTask, now: datetime) -> ScheduleLine:
    name = describe_task(task.name)
    if not task.interval:
        return ScheduleLine(name, str(task.crontab), task.last_run_at, is_late=False)
    every = timedelta(**{task.interval.period: task.interval.every})
    # Beat writes last runs down every few minutes only.
    patience = max(MISSED_RUNS * every, timedelta(minutes=10))
    is_late = task.last_run_at is not None and now - task.last_run_at > patience
    return ScheduleLine(name, describe_interval(every), task.last_run_at, is_late)


def describe_task(name: str) -> str:
    """A task's dotted name in words: "errors.tasks.remove_old_data" is "Remove old data"."""
    return name.rpartition(".")[2].replace("_", " ").capitalize()


def describe_interval(every: timedelta) -> str:
    """How often, in the largest unit that fits: "every hour", "every 5 seconds"."""
    seconds = int(every.total_seconds())
    units = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
    size, unit = next(pair for pair in units if seconds % pair[0] == 0)
    return f"every {unit}" if seconds == size else f"every {seconds // size:,} {unit}s"


def describe_span(seconds: int) -> str:
    """A length of time in its largest unit: "42 s", "3 min", "5 h", "12 days"."""
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size:,} {unit}"
    return f"{seconds} s"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _trend(by_hour: Mapping[int, int], now: datetime, what: str) -> Sparkline:
    sparkline = draw_sparkline(by_hour, now_hour=hour_of(now))
    return replace(sparkline, label=f"{sum(by_hour.values()):,} {what} in 24 hours, by hour")
