"""An event as Markdown, for a ticket, a chat or a language model."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from errors.presenters.breadcrumbs import present_breadcrumbs
from errors.presenters.frames import fold_recursion
from errors.presenters.request import present_request
from errors.presenters.values import show_value

TIMES = "\N{MULTIPLICATION SIGN}"
BREADCRUMBS = 20
TICKS = re.compile(r"`{3,}")


def write_markdown(document: Mapping[str, Any], *, short_id: str, address: str) -> str:
    """The event's heading, facts, stack (newest call first), request and last breadcrumbs."""
    event = document["event"]
    parts = [
        f"# {short_id}: {_line(_title(event))}",
        _facts(event, address),
        *_stacks(event),
        _request(event),
        _breadcrumbs(event),
        _table("User", event.get("user", {}).items()),
        _table("Tags", event.get("tags", [])),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _title(event: Mapping[str, Any]) -> str:
    values = event.get("exception", {}).get("values", [])
    if values:
        return _exception_title(values[-1])
    return str(event.get("logentry", {}).get("formatted", "Event without a message"))


def _exception_title(exception: Mapping[str, Any]) -> str:
    return ": ".join(part for part in (exception.get("type"), exception.get("value")) if part)


def _facts(event: Mapping[str, Any], address: str) -> str:
    at = datetime.fromtimestamp(event["timestamp"], UTC)
    rows = [
        ("When", f"{at:%Y-%m-%d %H:%M:%S} UTC"),
        ("Level", event.get("level", "")),
        ("Environment", event.get("environment", "")),
        ("Release", event.get("release", "")),
        ("Route", event.get("transaction", "")),
        ("Event", event["event_id"]),
    ]
    lines = [f"- {name}: {_code(str(value))}" for name, value in rows if value]
    return "\n".join([*lines, f"- Page: <{address}>"])


def _stacks(event: Mapping[str, Any]) -> Iterable[str]:
    values = event.get("exception", {}).get("values", [])
    for index, exception in enumerate(reversed(values)):
        heading = "Stack trace" if index == 0 else "Caused by"
        yield f"## {heading}: {_line(_exception_title(exception))}"
        yield _frames(exception.get("stacktrace", {}).get("frames", []))
    for thread in event.get("threads", {}).get("values", []) if not values else []:
        yield f"## Thread {_line(str(thread.get('name') or thread.get('id') or ''))}".rstrip()
        yield _frames(thread.get("stacktrace", {}).get("frames", []))


def _frames(frames: list[Mapping[str, Any]]) -> str:
    """Newest call first; library frames are one line, the application's own show their code."""
    lines: list[str] = []
    for frame, times in reversed(fold_recursion(frames)):
        lines.append(_frame_line(frame) + (f"  {TIMES} {times}" if times > 1 else ""))
        if frame.get("in_app"):
            lines += _frame_detail(frame)
    return _fence(lines) if lines else ""


def _frame_line(frame: Mapping[str, Any]) -> str:
    place = frame.get("filename") or frame.get("module") or "unknown"
    line = f":{frame['lineno']}" if "lineno" in frame else ""
    function = f" in {frame['function']}" if frame.get("function") else ""
    return f"{place}{line}{function}" + ("" if frame.get("in_app") else "  (library)")


def _frame_detail(frame: Mapping[str, Any]) -> list[str]:
    before, after = frame.get("pre_context", [])[-2:], frame.get("post_context", [])[:2]
    lines = [f"      {line}" for line in before]
    if "context_line" in frame:
        lines += [f"    > {frame['context_line']}", *(f"      {line}" for line in after)]
    return lines + [
        f"    {name} = {show_value(value)}" for name, value in frame.get("vars", {}).items()
    ]


def _request(event: Mapping[str, Any]) -> str:
    request = present_request(event)
    if request is None:
        return ""
    lines = [f"{request.method} {request.url}".strip()]
    lines += [f"{name}: {value}" for name, value in request.headers]
    if request.body:
        lines += ["", request.body]
    return "## Request\n\n" + _fence(lines)


def _breadcrumbs(event: Mapping[str, Any]) -> str:
    crumbs = present_breadcrumbs(event)[:BREADCRUMBS]
    lines = [f"{crumb.offset:>9}  {crumb.category}: {crumb.message}" for crumb in crumbs]
    return "## Before the crash, nearest first\n\n" + _fence(lines) if lines else ""


def _table(title: str, rows: Iterable[tuple[object, object]]) -> str:
    lines = [f"- {_code(str(key))}: {_code(show_value(value))}" for key, value in rows]
    return "\n".join([f"## {title}", "", *lines]) if lines else ""


def _line(text: str) -> str:
    """Text that stays on its heading's line and starts no markup."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """Inline code whatever the text: ticks become quotes, line breaks spaces."""
    return "`" + " ".join(text.replace("`", "'").split()) + "`"


def _fence(lines: Iterable[str]) -> str:
    """A code block whose fence is longer than any in the text."""
    text = "\n".join(lines)
    longest = max((len(ticks) for ticks in TICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{text}\n{fence}"
