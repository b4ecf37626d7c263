"""Geometry of the chart of outcomes: one bar a stretch of time, one layer an outcome. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from projects.statistics.outcomes import OUTCOMES
from projects.statistics.read import InHour

HEIGHT_PX = 120
# Anything at all is seen.
LEAST_PX = 2


@dataclass(frozen=True, slots=True)
class Span:
    """What a chart shows: so many bars of so many hours each, the present one last."""

    name: str
    label: str
    bars: int
    bar_hours: int


SPANS = {
    span.name: span
    for span in (
        Span("24h", "24 hours", 24, 1),
        Span("7d", "7 days", 28, 6),
        Span("30d", "30 days", 30, 24),
        Span("90d", "90 days", 90, 24),
    )
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One outcome in a bar; y and height in pixels."""

    outcome: str
    label: str
    quantity: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """x and width in percent of the chart; counts of each of the chart's outcomes in its order."""

    label: str
    x: float
    width: float
    layers: list[Layer]
    counts: list[int]


@dataclass(frozen=True, slots=True)
class Chart:
    """outcomes: those that occur, as (name, label), from the lowest layer up."""

    outcomes: list[tuple[str, str]]
    bars: list[Bar]
    peak: int
    height: int = HEIGHT_PX


def first_hour(span: Span, now: datetime) -> int:
    """The first hour since 1970 that a chart of this span holds, in the zone of `now`."""
    start = _start_of(_slot_of(now, span) - span.bars + 1, span, now.tzinfo or UTC)
    return int(start.timestamp()) // 3600


def draw_chart(hours: Iterable[InHour], span: Span, *, now: datetime) -> Chart:
    """Draw these hours in the zone of `now`."""
    zone = now.tzinfo or UTC
    counts: Counter[tuple[int, str]] = Counter()
    for hour in hours:
        moment = datetime.fromtimestamp(hour.hour * 3600, zone)
        counts[_slot_of(moment, span), hour.outcome] += hour.quantity
    present = _slot_of(now, span)
    slots = range(present - span.bars + 1, present + 1)
    outcomes = [
        (name, label) for name, label in OUTCOMES.items() if any(counts[at, name] for at in slots)
    ]
    peak = max(sum(counts[at, name] for name, _ in outcomes) for at in slots)
    bars = [
        _bar(
            index,
            _label(at, span),
            span,
            outcomes,
            [counts[at, name] for name, _ in outcomes],
            peak,
        )
        for index, at in enumerate(slots)
    ]
    return Chart(outcomes, bars, peak)


def _bar(
    index: int,
    label: str,
    span: Span,
    outcomes: list[tuple[str, str]],
    counts: list[int],
    peak: int,
) -> Bar:
    width = 100 / span.bars
    layers: list[Layer] = []
    y = HEIGHT_PX
    for (name, words), count in zip(outcomes, counts, strict=True):
        if count > 0:
            height = min(y, max(LEAST_PX, round(count / peak * HEIGHT_PX)))
            y -= height
            layers.append(Layer(name, words, count, y, height))
    return Bar(label, round(index * width, 3), round(width * 0.8, 3), layers, counts)


# A slot is a part of a day in the reader's zone, counted from the year 1.


def _slot_of(moment: datetime, span: Span) -> int:
    return moment.toordinal() * (24 // span.bar_hours) + moment.hour // span.bar_hours


def _start_of(slot: int, span: Span, zone: tzinfo) -> datetime:
    day, part = divmod(slot, 24 // span.bar_hours)
    return datetime.combine(date.fromordinal(day), time(part * span.bar_hours), zone)


def _label(slot: int, span: Span) -> str:
    start = _start_of(slot, span, UTC)
    day = f"{start.day} {start:%b}"
    if span.bar_hours == 24:
        return day
    end = start + timedelta(hours=span.bar_hours)
    return f"{day}, {start:%H}-{end.hour or 24:02} h"
