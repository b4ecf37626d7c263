"""The algorithm's strategies, in their order; the first that contributes decides.

Each returns an outcome or None. An outcome's texts are what gets hashed; `every` is None where it
would equal `primary`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from errors.grouping.parameters import parameterize
from errors.grouping.rules import GroupingRules
from errors.grouping.stacktrace import StackPart, combine_frames


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a strategy made of an event."""

    strategy: str
    primary: str
    every: str | None
    parts: list[dict[str, Any]]


Strategy = Callable[[dict[str, Any], GroupingRules], Outcome | None]


def run_strategies(event: dict[str, Any], rules: GroupingRules) -> Outcome:
    """Return the outcome of the first strategy that contributes; the last one always does."""
    for strategy in STRATEGIES:
        if outcome := strategy(event, rules):
            return outcome
    raise AssertionError("the last strategy always contributes")


def _group_by_exceptions(event: dict[str, Any], rules: GroupingRules) -> Outcome | None:
    """Chained exceptions: the type of each with its frames, or its value where it has none."""
    exceptions = event.get("exception", {}).get("values", [])
    # A group says nothing of its own where what it wraps was raised somewhere.
    wrapped = [exception for exception in exceptions if not _is_group(exception)]
    is_wrapper_mute = any("stacktrace" in exception for exception in wrapped)
    found = []
    for index, exception in enumerate(exceptions):
        if not (is_wrapper_mute and _is_group(exception)):
            stack = combine_frames(event, exception, rules.stack_trace_rules)
            found.append(_explain_exception(index, exception, stack))
    return _join("exception", found, is_unordered=len(wrapped) < len(exceptions))


def _group_by_threads(event: dict[str, Any], rules: GroupingRules) -> Outcome | None:
    """The stack of the thread that crashed, else of the current one, else of the only one."""
    threads = event.get("threads", {}).get("values", [])
    picked = (
        next((index for index, thread in enumerate(threads) if thread.get("crashed")), None),
        next((index for index, thread in enumerate(threads) if thread.get("current")), None),
        0 if len(threads) == 1 else None,
    )
    for index in picked:
        if index is not None:
            thread = threads[index]
            stack = combine_frames(event, thread, rules.stack_trace_rules)
            name = "threads" if "id" in thread or "name" in thread else "stacktrace"
            explanation = {"thread": index, "stack": stack.explanation}
            if outcome := _join(name, [_Part("", stack, "", explanation)]):
                return outcome
    return None


def _group_by_template(event: dict[str, Any], rules: GroupingRules) -> Outcome | None:
    """The log entry's template, where it has parameters."""
    entry = event.get("logentry", {})
    template = entry.get("message", "")
    if not template or ("params" not in entry and template == entry["formatted"]):
        return None
    return Outcome("template", template, None, [{"template": template}])


def _group_by_message(event: dict[str, Any], rules: GroupingRules) -> Outcome | None:
    """The message, parameterised."""
    message = parameterize(event.get("logentry", {}).get("formatted", ""))
    return Outcome("message", message, None, [{"message": message}]) if message else None


def _group_by_origin(event: dict[str, Any], rules: GroupingRules) -> Outcome:
    """Nothing was said: events of one transaction, or one logger, stand together."""
    for name in ("transaction", "logger", "platform"):
        if name in event:
            return Outcome("origin", event[name], None, [{name: event[name]}])
    return Outcome("origin", "", None, [])


STRATEGIES: tuple[Strategy, ...] = (
    _group_by_exceptions,
    _group_by_threads,
    _group_by_template,
    _group_by_message,
    _group_by_origin,
)


@dataclass(slots=True)
class _Part:
    """An exception or a thread: its head (a type), its stack, and what stands for a stack."""

    head: str
    stack: StackPart
    value: str
    explanation: dict[str, Any]

    def text(self, frames: list[str]) -> str:
        return "\n".join([self.head, *frames] if self.stack.every else [self.head, self.value])


def _is_group(exception: dict[str, Any]) -> bool:
    return bool(exception.get("mechanism", {}).get("is_exception_group"))


def _explain_exception(index: int, exception: dict[str, Any], stack: StackPart) -> _Part:
    is_synthetic = exception.get("mechanism", {}).get("synthetic", False)
    head = "" if is_synthetic else exception.get("type", "")
    value = "" if stack.every else parameterize(exception.get("value", ""))
    explanation: dict[str, Any] = {"exception": index}
    if head:
        explanation["type"] = head
    if is_synthetic:
        explanation["synthetic"] = True
    if value:
        explanation["value"] = value
    if stack.explanation["frames"]:
        explanation["stack"] = stack.explanation
    return _Part(head, stack, value, explanation)


def _join(strategy: str, parts: list[_Part], *, is_unordered: bool = False) -> Outcome | None:
    """Join the parts: in-app frames first choice, all frames where no part has one in the app."""
    if not any(part.head or part.value or part.stack.every for part in parts):
        return None
    every = _join_texts([part.text(part.stack.every) for part in parts], is_unordered)
    primary = every
    if any(part.stack.app for part in parts):
        primary = _join_texts([part.text(part.stack.app) for part in parts], is_unordered)
    explanation = [part.explanation for part in parts]
    return Outcome(strategy, primary, every if every != primary else None, explanation)


def _join_texts(texts: list[str], is_unordered: bool) -> str:
    return "\n\n".join(sorted(set(texts)) if is_unordered else texts)
