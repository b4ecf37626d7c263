"""A stack trace's part in the group: in-app frames for the primary hash, all for the secondary."""

from dataclasses import dataclass, field
from typing import Any

from errors.grouping.frames import frame_key
from errors.grouping.matchers import match_error, match_event, match_frame
from errors.grouping.rules import StackTraceRule, split_by_scope


@dataclass(slots=True)
class StackPart:
    """What a stack trace contributes, and which frames did not and why.

    Shape: app and every are frame keys, oldest first; app is empty without an in-app frame.
    """

    app: list[str] = field(default_factory=list)
    every: list[str] = field(default_factory=list)
    explanation: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Verdicts:
    """What rules say of frames, by index."""

    in_app: dict[int, bool] = field(default_factory=dict)
    in_group: dict[int, bool] = field(default_factory=dict)
    max_frames: int | None = None
    rules: list[str] = field(default_factory=list)


NO_VERDICTS = _Verdicts()


def combine_frames(
    event: dict[str, Any], holder: dict[str, Any], rules: tuple[StackTraceRule, ...]
) -> StackPart:
    """Combine the frames of an exception or a thread; identical neighbours count once."""
    frames = holder.get("stacktrace", {}).get("frames", [])
    verdicts = _judge(event, holder, frames, rules) if rules else NO_VERDICTS
    part = StackPart()
    app_frames: list[int] = []
    skipped: dict[str, list[int]] = {}
    platform = event.get("platform", "other")
    for index, frame in enumerate(frames):
        key = frame_key(frame, platform)
        if not verdicts.in_group.get(index, True):
            skipped.setdefault("rule", []).append(index)
        elif not key:
            skipped.setdefault("anonymous", []).append(index)
        elif part.every and part.every[-1] == key:
            skipped.setdefault("recursion", []).append(index)
        else:
            part.every.append(key)
            if verdicts.in_app.get(index, frame.get("in_app", False)):
                app_frames.append(index)
                part.app.append(key)
    if verdicts.max_frames is not None:
        _keep_newest(part, app_frames, verdicts.max_frames)
    part.explanation = _explain(len(frames), app_frames, skipped, verdicts)
    return part


def _keep_newest(part: StackPart, app_frames: list[int], count: int) -> None:
    """Keep the frames nearest to the crash."""
    for frames in (part.every, part.app, app_frames):
        del frames[: max(len(frames) - count, 0)]


def _judge(
    event: dict[str, Any],
    holder: dict[str, Any],
    frames: list[dict[str, Any]],
    rules: tuple[StackTraceRule, ...],
) -> _Verdicts:
    """Apply the rules in order; the later one has the last word."""
    verdicts = _Verdicts()
    for rule in rules:
        errors, of_frames, rest = split_by_scope(rule.matchers)
        if not all(match_event(matcher, event) for matcher in rest):
            continue
        if not all(match_error(matcher, holder) for matcher in errors):
            continue
        hits = [
            index
            for index, frame in enumerate(frames)
            if all(match_frame(matcher, frame) for matcher in of_frames)
        ]
        if hits:
            verdicts.rules.append(rule.text)
            _apply(rule, hits, len(frames), verdicts)
    return verdicts


def _apply(rule: StackTraceRule, hits: list[int], count: int, verdicts: _Verdicts) -> None:
    if rule.max_frames is not None:
        verdicts.max_frames = rule.max_frames
    for action in rule.actions:
        target = verdicts.in_app if action.flag == "app" else verdicts.in_group
        for index in _reach(action.range, hits, count):
            target[index] = action.value


def _reach(direction: str, hits: list[int], count: int) -> range | list[int]:
    if direction == "^":
        return range(hits[0] + 1, count)
    return range(hits[-1]) if direction == "v" else hits


def _explain(
    count: int, app_frames: list[int], skipped: dict[str, list[int]], verdicts: _Verdicts
) -> dict[str, Any]:
    explanation: dict[str, Any] = {"frames": count, "app": app_frames}
    if skipped:
        explanation["skipped"] = skipped
    if verdicts.rules:
        explanation["rules"] = verdicts.rules
    if verdicts.max_frames is not None:
        explanation["max_frames"] = verdicts.max_frames
    return explanation
