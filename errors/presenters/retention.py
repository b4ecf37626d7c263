"""What a retention policy would remove, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from common.wording import describe_size
from errors.models import KeptBytes
from errors.services.retention import Preview, Reason, Report

NAMES = {
    Reason.AGE: "Older events",
    Reason.RESOLVED: "Events of resolved issues",
    Reason.ISSUE: "Beyond an issue's number",
    Reason.PROJECT: "Beyond a project's number",
}


@dataclass(frozen=True, slots=True)
class PreviewView:
    """A sentence, what it is made of as (name, value), and when the oldest that stays came."""

    summary: str
    rows: list[tuple[str, str]]
    oldest_kept_at: datetime | None
    is_complete: bool


def present_preview(preview: Preview) -> PreviewView:
    """Numbers are lower bounds, and say so, where there was no time to count to the end."""
    report = preview.report
    rows = [(NAMES[reason], _count(report, count)) for reason, count in report.events.items()]
    if report.issues:
        rows.append(("Issues, with all counts", _count(report, report.issues)))
    if report.payload_bytes:
        rows.append(("Payloads, compressed", _bounded(report, describe_size(report.payload_bytes))))
    if report.items:
        rows.append(("Other items", _count(report, report.items)))
    return PreviewView(_summary(report), rows, preview.oldest_kept_at, report.is_complete)


def describe_kept(sizes: Mapping[str, int], budgets: Mapping[str, int]) -> str:
    """What a project keeps beside its events, of what it may: by kind, in bytes."""
    parts = (
        f"{label}: {describe_size(sizes.get(kind, 0))} of {describe_size(budgets[kind])}"
        for kind, label in KeptBytes.Kind.choices
    )
    text = ", ".join(parts)
    return text[0].upper() + text[1:]


def _summary(report: Report) -> str:
    events, issues = report.event_total, report.issues
    if report.is_complete and not events and not issues:
        return "Nothing would go now."
    parts = [f"{_count(report, events)} event{'' if events == 1 else 's'}"]
    if issues:
        parts.append(f"{_count(report, issues)} issue{'' if issues == 1 else 's'}")
    sentence = f"{' and '.join(parts)} would go now."
    return sentence[0].upper() + sentence[1:]


def _count(report: Report, number: int) -> str:
    return _bounded(report, f"{number:,}")


def _bounded(report: Report, text: str) -> str:
    return text if report.is_complete else f"at least {text}"
