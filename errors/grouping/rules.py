"""A project's grouping rules: text that people write, parsed once.

error.type:DatabaseUnavailable -> database-down
stack.module:vendored.* -app ^-group
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from errors.grouping.matchers import (
    Matcher,
    make_matcher,
    match_error,
    match_event,
    match_frame,
    unquote,
)

TOKEN = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^\s"])+')
VALUE = re.compile(r'(?:\{\{.*?\}\}|"(?:\\.|[^"\\])*"|[^\s,"])+')
ARROW = re.compile(r"\s->\s")
ACTION = re.compile(r"(?P<range>[\^v]?)(?P<sign>[+-])(?P<flag>app|group)")
MAX_FRAMES = re.compile(r"max-frames=(\d{1,4})")
Rule = TypeVar("Rule")


class RuleError(ValueError):
    """A rule that cannot be read; the text names the line and the cause."""


@dataclass(frozen=True, slots=True)
class FingerprintRule:
    """Events that match get these values as their fingerprint."""

    text: str
    matchers: tuple[Matcher, ...]
    values: tuple[str, ...]

    def matches(self, event: dict[str, Any]) -> bool:
        """Tell whether all hold: of one exception, of one frame, and of the event."""
        errors, frames, rest = split_by_scope(self.matchers)
        exceptions = event.get("exception", {}).get("values", ())
        return (
            all(match_event(matcher, event) for matcher in rest)
            and _any_holds(match_error, errors, exceptions)
            and _any_holds(match_frame, frames, list(_iterate_frames(event)))
        )


@dataclass(frozen=True, slots=True)
class FrameAction:
    """What happens to a frame that matched, or to those newer (^) or older (v) than it."""

    range: str
    flag: str
    value: bool


@dataclass(frozen=True, slots=True)
class StackTraceRule:
    """Frames that match become part of the application or not, of the group or not."""

    text: str
    matchers: tuple[Matcher, ...]
    actions: tuple[FrameAction, ...]
    max_frames: int | None = None


@dataclass(frozen=True, slots=True)
class GroupingRules:
    """A project's rules, in the order in which they are tried."""

    fingerprint_rules: tuple[FingerprintRule, ...] = ()
    stack_trace_rules: tuple[StackTraceRule, ...] = ()


NO_RULES = GroupingRules()


def parse_fingerprint_rules(text: str) -> tuple[FingerprintRule, ...]:
    """Parse "matchers -> values", a rule a line; # begins a comment.

    Raises: RuleError, naming the line.
    """
    return _parse_lines(text, _parse_fingerprint_rule)


def parse_stack_trace_rules(text: str) -> tuple[StackTraceRule, ...]:
    """Parse "matchers actions", a rule a line; # begins a comment.

    Raises: RuleError, naming the line.
    """
    return _parse_lines(text, _parse_stack_trace_rule)


def split_by_scope(
    matchers: Iterable[Matcher],
) -> tuple[list[Matcher], list[Matcher], list[Matcher]]:
    """Return the matchers of errors, of frames, and of the event."""
    scopes: dict[str, list[Matcher]] = {"error": [], "frame": [], "event": []}
    for matcher in matchers:
        scopes[matcher.scope].append(matcher)
    return scopes["error"], scopes["frame"], scopes["event"]


def _any_holds(
    match: Callable[[Matcher, dict[str, Any]], bool],
    matchers: list[Matcher],
    candidates: Sequence[dict[str, Any]],
) -> bool:
    return not matchers or any(
        all(match(matcher, candidate) for matcher in matchers) for candidate in candidates
    )


def _iterate_frames(event: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for holder in ("exception", "threads"):
        for item in event.get(holder, {}).get("values", ()):
            yield from item.get("stacktrace", {}).get("frames", ())


def _parse_lines(text: str, parse: Callable[[str], Rule]) -> tuple[Rule, ...]:
    rules = []
    for number, line in enumerate(text.splitlines(), start=1):
        rule = line.strip()
        if rule and not rule.startswith("#"):
            try:
                rules.append(parse(rule))
            except ValueError as error:
                raise RuleError(f"line {number}: {error}") from error
    return tuple(rules)


def _parse_fingerprint_rule(line: str) -> FingerprintRule:
    parts = ARROW.split(f" {line} ", maxsplit=1)
    if len(parts) < 2:
        raise ValueError("a fingerprint rule is “matchers -> values”")
    matchers = tuple(make_matcher(token) for token in TOKEN.findall(parts[0]))
    values = tuple(unquote(value) for value in VALUE.findall(parts[1]))
    if not matchers or not values:
        raise ValueError("a fingerprint rule needs a matcher and a value")
    return FingerprintRule(line, matchers, values)


def _parse_stack_trace_rule(line: str) -> StackTraceRule:
    matchers: list[Matcher] = []
    actions: list[FrameAction] = []
    max_frames = None
    for token in TOKEN.findall(line):
        if found := ACTION.fullmatch(token):
            actions.append(FrameAction(found["range"], found["flag"], found["sign"] == "+"))
        elif found := MAX_FRAMES.fullmatch(token):
            max_frames = int(found[1])
        elif actions or max_frames is not None:
            raise ValueError(f"“{token}” is no action; matchers stand before actions")
        else:
            matchers.append(make_matcher(token))
    if not matchers or not (actions or max_frames is not None):
        raise ValueError("a stack-trace rule needs a matcher and an action, such as -app")
    return StackTraceRule(line, tuple(matchers), tuple(actions), max_frames)
