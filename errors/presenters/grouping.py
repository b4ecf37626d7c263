"""How an event was grouped, in words, from the explanation that its document keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STRATEGIES = {
    "exception": "By its exceptions: the type of each, and the frames that contribute.",
    "threads": "By the stack of the thread that crashed.",
    "stacktrace": "By its stack trace.",
    "template": "By the template of its log message, whatever the parameters.",
    "message": "By its message, with ids, numbers and other changing parts left out.",
    "origin": "It says nothing that could group it, so it stands with others of its origin.",
    "fingerprint": "By its fingerprint alone.",
}
SKIPPED = {
    "rule": "a rule leaves it out",
    "anonymous": "it has no lasting name",
    "recursion": "it repeats the frame before it",
}
LIBRARY = "it belongs to a library"


@dataclass(frozen=True, slots=True)
class GroupedFrame:
    """A frame: whether it contributes, and why not."""

    text: str
    contributes: bool
    reason: str


@dataclass(frozen=True, slots=True)
class GroupedPart:
    """An exception, a thread or a message: what of it counts."""

    title: str
    note: str
    frames: list[GroupedFrame]

    @property
    def contributing_count(self) -> int:
        """How many of its frames count."""
        return sum(frame.contributes for frame in self.frames)


@dataclass(frozen=True, slots=True)
class GroupingView:
    """The sentence, the fingerprint with its source, and the parts, newest first."""

    summary: str
    fingerprint: list[str]
    source: str
    parts: list[GroupedPart]


def present_grouping(
    explanation: Mapping[str, Any], event: Mapping[str, Any]
) -> GroupingView | None:
    """Put the explanation into words; None where the document has none."""
    if not explanation:
        return None
    source = {"rule": "a rule of the project", "client": "the application"}
    rule = explanation.get("rule", "")
    return GroupingView(
        summary=STRATEGIES.get(explanation["strategy"], "By an earlier algorithm."),
        fingerprint=explanation.get("fingerprint", []),
        source=rule or source.get(explanation.get("source", ""), ""),
        parts=[_part(part, event) for part in reversed(explanation.get("parts", []))],
    )


def _part(part: Mapping[str, Any], event: Mapping[str, Any]) -> GroupedPart:
    holder = _holder(part, event)
    stack = part.get("stack", {})
    frames = holder.get("stacktrace", {}).get("frames", []) if stack else []
    return GroupedPart(_title(part, holder), _note(part), _frames(frames, stack))


def _holder(part: Mapping[str, Any], event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The exception or thread that a part is about."""
    for name, index in (("exception", part.get("exception")), ("threads", part.get("thread"))):
        values = event.get(name, {}).get("values", [])
        if index is not None and index < len(values):
            found: Mapping[str, Any] = values[index]
            return found
    return {}


def _title(part: Mapping[str, Any], holder: Mapping[str, Any]) -> str:
    if "thread" in part:
        return f"Thread {holder.get('name') or holder.get('id') or ''}".strip()
    if "exception" in part:
        return str(part.get("type") or holder.get("type") or "Exception")
    key, value = next(iter(part.items()))
    return f"{key.capitalize()}: {value}"


def _note(part: Mapping[str, Any]) -> str:
    if part.get("synthetic"):
        return "Made by the SDK, so its type does not count."
    if "value" in part:
        return f"Without frames its text counts: {part['value']}"
    return ""


def _frames(frames: list[Mapping[str, Any]], stack: Mapping[str, Any]) -> list[GroupedFrame]:
    reasons = {
        index: SKIPPED.get(reason, reason)
        for reason, indexes in stack.get("skipped", {}).items()
        for index in indexes
    }
    in_app = set(stack.get("app", []))
    # Without any frame of the application all of them count.
    shown = []
    for index, frame in enumerate(frames):
        reason = reasons.get(index) or ("" if not in_app or index in in_app else LIBRARY)
        shown.append(GroupedFrame(_frame_text(frame), not reason, reason))
    return shown[::-1]


def _frame_text(frame: Mapping[str, Any]) -> str:
    place = frame.get("module") or frame.get("filename") or "unknown"
    function = f" in {frame['function']}" if frame.get("function") else ""
    line = frame.get("context_line", "").strip()
    return f"{place}{function}" + (f": {line}" if line else "")
