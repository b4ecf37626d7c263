"""What happened before the crash, the nearest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from errors.presenters.values import show_rows

LEVELS = {"log": "info", "critical": "fatal"}
MINUS = "\N{MINUS SIGN}"
# As browsers and Node.js name them, and as Python does, after OpenTelemetry.
METHODS = ("method", "http.method", "http.request.method")
STATUSES = ("status_code", "http.response.status_code")
KNOWN_LEVELS = ("debug", "info", "warning", "error", "fatal")


@dataclass(frozen=True, slots=True)
class Breadcrumb:
    """One step. `offset` is its time to the crash, as in "-1.2 s"."""

    level: str
    category: str
    message: str
    at: datetime | None
    offset: str
    rows: list[tuple[str, str]]


def present_breadcrumbs(event: Mapping[str, Any]) -> list[Breadcrumb]:
    """Every breadcrumb of the event, newest first."""
    crash = event.get("timestamp")
    values = event.get("breadcrumbs", {}).get("values", [])
    return [_breadcrumb(crumb, crash) for crumb in reversed(values)]


def _breadcrumb(crumb: Mapping[str, Any], crash: float | None) -> Breadcrumb:
    level = str(crumb.get("level", "info"))
    level = LEVELS.get(level, level)
    data = crumb.get("data", {})
    seconds = crumb.get("timestamp")
    return Breadcrumb(
        level=level if level in KNOWN_LEVELS else "info",
        category=str(crumb.get("category") or crumb.get("type") or "default"),
        message=str(crumb.get("message") or _message_of(data)),
        at=None if seconds is None else datetime.fromtimestamp(seconds, UTC),
        offset="" if seconds is None or crash is None else describe_offset(seconds - crash),
        rows=show_rows(data),
    )


def _message_of(data: Mapping[str, Any]) -> str:
    """What HTTP and navigation breadcrumbs say: "GET https://… [200]", "/cart → /checkout"."""
    if "url" not in data and ("from" in data or "to" in data):
        return f"{data.get('from', '')} → {data.get('to', '')}".strip()
    method, status = _first(data, METHODS), _first(data, STATUSES)
    return " ".join(filter(None, (method, _first(data, ("url",)), status and f"[{status}]")))


def _first(data: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of these that says something."""
    return next((str(data[name]) for name in names if data.get(name)), "")


def describe_offset(seconds: float) -> str:
    """The time to the crash with a minus sign before it: 12 ms, 1.2 s, 3 min, 2 h."""
    sign = MINUS if seconds <= 0 else "+"
    size = abs(seconds)
    if size < 1:
        return f"{sign}{round(size * 1000)} ms"
    if size < 60:
        return f"{sign}{size:.1f} s"
    return f"{sign}{round(size / 60)} min" if size < 5400 else f"{sign}{round(size / 3600)} h"
