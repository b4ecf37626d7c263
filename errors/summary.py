"""What a list shows of an event: title, value, culprit, level, route."""

import re
from dataclasses import dataclass
from typing import Any

from common.text import first_line, trim

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "fatal": 50}
TITLE_LENGTH = 255
CULPRIT_LENGTH = 200
# Every script of a site has the same one, and it takes half of the line.
WEB_ORIGIN = re.compile(r"^https?://[^/]+/")
UNTITLED = "Event without a message"


@dataclass(frozen=True, slots=True)
class Summary:
    """An event in a row.

    Shape: title is the exception's type or the message's first line; value the first line of the
           exception's value; culprit says where, "checkout.services in pay"; route is the
           transaction's name; handled is None where the SDK did not say. Empty, never None.
    """

    title: str
    type: str
    value: str
    culprit: str
    level: int
    route: str
    handled: bool | None
    platform: str


def summarize_event(event: dict[str, Any]) -> Summary:
    """Summarise a canonical event by its newest exception, else by its message."""
    exceptions = event.get("exception", {}).get("values")
    exception = exceptions[-1] if exceptions else {}
    kind = exception.get("type", "")
    value = first_line(exception.get("value", ""))
    return Summary(
        title=trim(kind or value or _message(event) or UNTITLED, TITLE_LENGTH),
        type=trim(kind, TITLE_LENGTH),
        value=trim(value, TITLE_LENGTH),
        culprit=trim(_culprit(event), CULPRIT_LENGTH),
        level=LEVELS[event["level"]],
        route=event.get("transaction", ""),
        handled=find_handled(event),
        platform=event["platform"],
    )


def find_handled(event: dict[str, Any]) -> bool | None:
    """Return whether the newest exception that says so was handled."""
    for exception in reversed(event.get("exception", {}).get("values", ())):
        handled: bool | None = exception.get("mechanism", {}).get("handled")
        if handled is not None:
            return handled
    return None


def _culprit(event: dict[str, Any]) -> str:
    """Name the place of the crash, where no frame does the logger, else the transaction."""
    frame = _crashing_frame(event)
    place: str = frame.get("module") or WEB_ORIGIN.sub("", frame.get("filename", ""))
    function: str = frame.get("function", "")
    if place and function:
        return f"{place} in {function}"
    return place or function or str(event.get("logger") or event.get("transaction", ""))


def _crashing_frame(event: dict[str, Any]) -> dict[str, Any]:
    """Return the innermost in-app frame of the newest stack trace, its last without one."""
    for holder in ("exception", "threads"):
        for item in reversed(event.get(holder, {}).get("values", ())):
            frames: list[dict[str, Any]] = item.get("stacktrace", {}).get("frames")
            if frames:
                own = (frame for frame in reversed(frames) if frame.get("in_app"))
                return next(own, frames[-1])
    return {}


def _message(event: dict[str, Any]) -> str:
    return first_line(event.get("logentry", {}).get("formatted", ""))
