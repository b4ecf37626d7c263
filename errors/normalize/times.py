"""Client times: RFC 3339 or unix seconds, in; unix seconds, corrected, out."""

import math
from datetime import UTC, datetime
from typing import Any

from errors.normalize.limits import CLOCK_DRIFT_S, FUTURE_S, PAST_S
from errors.normalize.problems import Problems

# Year 9999: what no datetime can hold is no time.
MAX_UNIX_S = 253_402_300_799


def parse_time(value: object) -> float | None:
    """Return unix seconds, or None for what is no time. A time without a zone is UTC."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return _parse_number(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if 0 <= value <= MAX_UNIX_S else None
    return None


def parse_times(values: list[Any]) -> list[float | None]:
    """Parse many times; in one go where all are RFC 3339, as an SDK sends either kind."""
    try:
        return [
            (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
            for moment in map(datetime.fromisoformat, values)
        ]
    except (TypeError, ValueError):
        return [parse_time(value) for value in values]


def read_time(value: Any, problems: Problems, path: str) -> float | None:
    """Read a time as a field's reader does."""
    seconds = parse_time(value)
    if seconds is None:
        problems.add(path, "expected RFC 3339 or unix seconds")
    return seconds


def _parse_number(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds <= MAX_UNIX_S else None


def measure_drift(received_at: float, sent_at: float | None) -> float:
    """Return the seconds to add to the client's times, 0 where its clock is near enough."""
    drift = received_at - sent_at if sent_at is not None else 0.0
    return drift if abs(drift) > CLOCK_DRIFT_S else 0.0


def correct_time(value: object, received_at: float, drift: float, problems: Problems) -> float:
    """Return when the event happened; when it was received where the client's time is no help."""
    if value is None:
        return received_at
    seconds = parse_time(value)
    if seconds is None:
        problems.add("timestamp", "expected RFC 3339 or unix seconds; the time received is used")
        return received_at
    seconds += drift
    if not received_at - PAST_S <= seconds <= received_at + FUTURE_S:
        problems.add("timestamp", "outside of the last 30 days; the time received is used")
        return received_at
    return seconds
