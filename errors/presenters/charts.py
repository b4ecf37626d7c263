"""Geometry of the charts that the server draws as SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

HOURS = 24
BAR_PX = 3
GAP_PX = 1
SPARKLINE_HEIGHT_PX = 22
HISTOGRAM_DAYS = 30
HISTOGRAM_HEIGHT_PX = 44
# Labels closer than this to the next one would run into it.
LABEL_GAP_PERCENT = 9.0


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
    """One day; x and width in percent of the chart, y and height in pixels."""

    day: date
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
    """Thirty days of an issue, oldest first."""

    bars: list[HistogramBar]
    marks: list[ReleaseMark]
    height: int
    peak: int
    total: int


def draw_histogram(
    by_hour: Mapping[int, int], releases: Sequence[tuple[str, datetime]], *, now: datetime
) -> Histogram:
    """Draw the last 30 days in the zone of `now`; releases are (version, first seen)."""
    zone = now.tzinfo or UTC
    days = [now.date() - timedelta(days=back) for back in reversed(range(HISTOGRAM_DAYS))]
    counts = _by_day(by_hour, zone)
    peak = max((counts.get(day, 0) for day in days), default=0)
    bars = [_histogram_bar(index, day, counts.get(day, 0), peak) for index, day in enumerate(days)]
    marks = _marks(releases, days[0], zone)
    return Histogram(bars, marks, HISTOGRAM_HEIGHT_PX, peak, sum(bar.count for bar in bars))


def first_hour_of_histogram(now: datetime) -> int:
    """The earliest hour that can fall on the histogram's first day."""
    return hour_of(now - timedelta(days=HISTOGRAM_DAYS))


def _by_day(by_hour: Mapping[int, int], zone: tzinfo) -> dict[date, int]:
    counts: dict[date, int] = {}
    for hour, count in by_hour.items():
        day = datetime.fromtimestamp(hour * 3600, zone).date()
        counts[day] = counts.get(day, 0) + count
    return counts


def _histogram_bar(index: int, day: date, count: int, peak: int) -> HistogramBar:
    slot = 100 / HISTOGRAM_DAYS
    height = _height(count, peak, HISTOGRAM_HEIGHT_PX)
    y = HISTOGRAM_HEIGHT_PX - height
    return HistogramBar(day, count, round(index * slot, 2), round(slot * 0.86, 2), y, height)


def _marks(
    releases: Iterable[tuple[str, datetime]], first_day: date, zone: tzinfo
) -> list[ReleaseMark]:
    """Marks from left to right. Of two that are close, the later keeps its label."""
    start = datetime.combine(first_day, datetime.min.time(), zone)
    marks: list[ReleaseMark] = []
    next_x = 100.0 + LABEL_GAP_PERCENT
    for version, seen_at in sorted(releases, key=lambda release: release[1], reverse=True):
        x = (seen_at - start) / timedelta(days=HISTOGRAM_DAYS) * 100
        if not 0 <= x <= 100:
            continue
        is_labelled = next_x - x >= LABEL_GAP_PERCENT
        is_flipped = x > 100 - LABEL_GAP_PERCENT
        marks.append(ReleaseMark(version, seen_at, round(x, 2), is_labelled, is_flipped))
        if is_labelled:
            next_x = x - LABEL_GAP_PERCENT if is_flipped else x
    return marks[::-1]
