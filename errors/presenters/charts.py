"""Geometry of the charts that the server draws as SVG."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

HOURS = 24
BAR_PX = 3
GAP_PX = 1
SPARKLINE_HEIGHT_PX = 22
HISTOGRAM_DAYS = 30
SLOT_HOURS = 6
SLOTS_A_DAY = 24 // SLOT_HOURS
HISTOGRAM_HEIGHT_PX = 44
# Narrower than this, pages show no labels; what fits here fits on every screen.
LABELLED_WIDTH_PX = 640
LABEL_CHARACTERS = 14
CHARACTER_PX = 7
LABEL_PADDING_PX = 10


def hour_of(moment: datetime) -> int:
    """Hours since 1970, UTC, as the counters have them."""
    return int(moment.timestamp()) // 3600


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Twenty-four bars as one SVG path, and what they say in words."""

    path: str
    width: int
    height: int
    label: str


def draw_sparkline(by_hour: Mapping[int, int], *, now_hour: int) -> Sparkline:
    """Draw the events of the last 24 hours, the present hour last."""
    counts = [by_hour.get(hour, 0) for hour in range(now_hour - HOURS + 1, now_hour + 1)]
    peak = max(counts)
    bars = (
        _bar(index * (BAR_PX + GAP_PX), _height(count, peak, SPARKLINE_HEIGHT_PX))
        for index, count in enumerate(counts)
    )
    total = sum(counts)
    label = f"{total:,} event{'' if total == 1 else 's'} in 24 hours"
    if total > 1:
        label += f", at most {peak:,} an hour"
    return Sparkline("".join(bars), HOURS * (BAR_PX + GAP_PX), SPARKLINE_HEIGHT_PX, label)


def _bar(x: int, height: int) -> str:
    return f"M{x} {SPARKLINE_HEIGHT_PX}v-{height}h{BAR_PX}v{height}z"


def _height(count: int, peak: int, limit_px: int) -> int:
    """Whole pixels: 1 for nothing (the base line), at least 3 for anything."""
    return 1 if not count else max(3, round(count / peak * limit_px))


@dataclass(frozen=True, slots=True)
class HistogramBar:
    """Six hours; x and width in percent of the chart, y and height in pixels."""

    label: str
    count: int
    x: float
    width: float
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class ReleaseMark:
    """Where a release was first seen.

    `is_labelled` unless the label would meet the next one; `is_flipped` where it stands before
    its line, lest it leave the chart.
    """

    version: str
    seen_at: datetime
    x: float
    is_labelled: bool
    is_flipped: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """Thirty days of an issue, oldest first: bars of six hours, and each day with its count."""

    bars: list[HistogramBar]
    days: list[tuple[date, int]]
    marks: list[ReleaseMark]
    total: int


def draw_histogram(
    by_hour: Mapping[int, int], releases: Sequence[tuple[str, datetime]], *, now: datetime
) -> Histogram:
    """Draw the last 30 days in the zone of `now`; releases are (version, first seen)."""
    zone = now.tzinfo or UTC
    counts = _by_slot(by_hour, zone)
    present = _slot_of(now)
    slots = range(present - HISTOGRAM_DAYS * SLOTS_A_DAY + 1, present + 1)
    peak = max(counts[slot] for slot in slots)
    return Histogram(
        bars=[_histogram_bar(at, slot, counts[slot], peak) for at, slot in enumerate(slots)],
        days=_by_day(counts, now.date()),
        marks=_marks(releases, _start_of(slots[0], zone)),
        total=sum(counts[slot] for slot in slots),
    )


def first_hour_of_histogram(now: datetime) -> int:
    """The earliest hour that can fall into the histogram."""
    return hour_of(now - timedelta(days=HISTOGRAM_DAYS))


# A slot is a quarter of a day in the reader's zone, counted from the year 1.


def _slot_of(moment: datetime) -> int:
    return moment.toordinal() * SLOTS_A_DAY + moment.hour // SLOT_HOURS


def _start_of(slot: int, zone: tzinfo) -> datetime:
    day, part = divmod(slot, SLOTS_A_DAY)
    return datetime.combine(date.fromordinal(day), time(part * SLOT_HOURS), zone)


def _by_slot(by_hour: Mapping[int, int], zone: tzinfo) -> Counter[int]:
    counts: Counter[int] = Counter()
    for hour, count in by_hour.items():
        counts[_slot_of(datetime.fromtimestamp(hour * 3600, zone))] += count
    return counts


def _by_day(counts: Counter[int], today: date) -> list[tuple[date, int]]:
    """The last 30 days with their counts, oldest first."""
    days = [today - timedelta(days=back) for back in reversed(range(HISTOGRAM_DAYS))]
    firsts = [(day, day.toordinal() * SLOTS_A_DAY) for day in days]
    return [
        (day, sum(counts[slot] for slot in range(first, first + SLOTS_A_DAY)))
        for day, first in firsts
    ]


def _histogram_bar(index: int, slot: int, count: int, peak: int) -> HistogramBar:
    start = _start_of(slot, UTC)
    width = 100 / (HISTOGRAM_DAYS * SLOTS_A_DAY)
    height = _height(count, peak, HISTOGRAM_HEIGHT_PX)
    return HistogramBar(
        label=f"{start.day} {start:%b}, {start:%H}-{start.hour + SLOT_HOURS:02} h",
        count=count,
        x=round(index * width, 3),
        width=round(width * 0.75, 3),
        y=HISTOGRAM_HEIGHT_PX - height,
        height=height,
    )


def _marks(releases: Iterable[tuple[str, datetime]], start: datetime) -> list[ReleaseMark]:
    """Marks from left to right. Of two whose labels would meet, the later keeps its own."""
    marks: list[ReleaseMark] = []
    free_until = 100.0
    for version, seen_at in sorted(releases, key=lambda release: release[1], reverse=True):
        x = (seen_at - start) / timedelta(days=HISTOGRAM_DAYS) * 100
        if not 0 <= x <= 100:
            continue
        width = _label_width(version)
        is_flipped = x + width > 100
        first, last = (x - width, x) if is_flipped else (x, x + width)
        is_labelled = last <= free_until
        marks.append(ReleaseMark(version, seen_at, round(x, 2), is_labelled, is_flipped))
        free_until = min(free_until, first if is_labelled else x)
    return marks[::-1]


def _label_width(version: str) -> float:
    """The label's width with its distance to the next, in percent of the narrowest chart."""
    characters = min(len(version), LABEL_CHARACTERS)
    return (characters * CHARACTER_PX + LABEL_PADDING_PX) / LABELLED_WIDTH_PX * 100
