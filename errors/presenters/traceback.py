"""An event's stack as the text that its language would have printed. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

JAVASCRIPT = frozenset(("javascript", "node"))
BEGIN = "Traceback (most recent call last):"
LINK = "\nThe above exception was the direct cause of the following exception:\n"


def write_traceback(event: Mapping[str, Any]) -> str:
    """The text that a native client sent, else one written anew; "" for an event without a stack.

    Of JavaScript the newest exception alone, its newest call first, as browsers do.
    """
    kept = event.get("contexts", {}).get("report", {}).get("traceback")
    if isinstance(kept, str):
        return kept
    exceptions = event.get("exception", {}).get("values", [])
    if event.get("platform") in JAVASCRIPT:
        return "\n".join(_javascript_lines(exceptions[-1])) if exceptions else ""
    return f"{LINK}\n".join("\n".join(_python_lines(one)) + "\n" for one in exceptions)


def _python_lines(exception: Mapping[str, Any]) -> Iterator[str]:
    frames = exception.get("stacktrace", {}).get("frames", [])
    if frames:
        yield BEGIN
    for frame in frames:
        place = frame.get("abs_path") or frame.get("filename") or frame.get("module") or "unknown"
        yield f'  File "{place}", line {frame.get("lineno", 0)}, in {frame.get("function", "?")}'
        if frame.get("context_line"):
            yield f"    {frame['context_line'].strip()}"
    yield _head(exception)


def _javascript_lines(exception: Mapping[str, Any]) -> Iterator[str]:
    yield _head(exception)
    for frame in reversed(exception.get("stacktrace", {}).get("frames", [])):
        parts = (frame.get("abs_path") or frame.get("filename", ""), *_position(frame))
        place = ":".join(str(part) for part in parts)
        function = frame.get("function")
        yield f"    at {function} ({place})" if function else f"    at {place}"


def _position(frame: Mapping[str, Any]) -> Iterator[int]:
    for name in ("lineno", "colno"):
        if name in frame:
            yield frame[name]


def _head(exception: Mapping[str, Any]) -> str:
    names = filter(None, (exception.get("module"), exception.get("type")))
    return ": ".join(filter(None, (".".join(names), exception.get("value"))))
