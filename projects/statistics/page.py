"""What the page of a project's statistics shows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from common.data_categories import CATEGORIES, IN_BYTES
from projects.statistics.chart import Chart, Span, draw_chart, first_hour
from projects.statistics.outcomes import OUTCOMES, describe_reason, hour_at
from projects.statistics.read import Total, read_hours, read_totals

NAMES = {
    "error": "Errors",
    "transaction": "Transactions",
    "security": "Security reports",
    "span": "Spans",
    "log_item": "Logs",
    "trace_metric": "Metrics",
    "session": "Sessions",
    "monitor": "Check-ins",
    "feedback": "Feedback",
    "replay": "Replays",
    "profile": "Profiles",
    "attachment": "Attachments, bytes",
    "log_byte": "Logs, bytes",
    "internal": "Client reports",
    "default": "Other",
}
# What is added up where no category is chosen.
COUNTABLE = tuple(name for name in CATEGORIES if name not in IN_BYTES)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: what became of what, why, and how much."""

    outcome: str
    label: str
    category: str
    reason: str
    quantity: int
    is_bytes: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """An outcome's sum and its share in percent."""

    outcome: str
    label: str
    quantity: int
    share: str


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """categories: what there is to choose from, as (name, label)."""

    chart: Chart
    figures: list[Figure]
    lines: list[Line]
    categories: list[tuple[str, str]]
    is_bytes: bool


def read_page(project_id: int, span: Span, category: str, *, now: datetime) -> StatisticsPage:
    """Read a span that ends now; category "" adds up all that is counted in pieces."""
    hours = {"since_hour": first_hour(span, now), "until_hour": hour_at(now.timestamp()) + 1}
    chosen = (category,) if category else COUNTABLE
    totals = read_totals(project_id, **hours)
    shown = [total for total in totals if not category or total.category == category]
    present = {total.category for total in totals} | {category}
    return StatisticsPage(
        chart=draw_chart(read_hours(project_id, chosen, **hours), span, now=now),
        figures=_figures([total for total in shown if total.category in chosen]),
        lines=_lines(shown),
        categories=[(name, NAMES[name]) for name in CATEGORIES if name in present],
        is_bytes=category in IN_BYTES,
    )


def _figures(totals: Sequence[Total]) -> list[Figure]:
    sums: Counter[str] = Counter()
    for total in totals:
        sums[total.outcome] += total.quantity
    everything = sum(sums.values()) or 1
    return [
        Figure(outcome, label, sums[outcome], f"{sums[outcome] / everything * 100:.1f} %")
        for outcome, label in OUTCOMES.items()
        if sums[outcome]
    ]


def _lines(totals: Sequence[Total]) -> list[Line]:
    order = list(OUTCOMES)
    ranked = sorted(totals, key=lambda each: (order.index(each.outcome), -each.quantity))
    return [
        Line(
            total.outcome,
            OUTCOMES[total.outcome],
            NAMES[total.category],
            describe_reason(total.outcome, total.reason),
            total.quantity,
            total.category in IN_BYTES,
        )
        for total in ranked
    ]
