"""Frames of a stack: their code, their locals, and which runs of them fold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent
from typing import Any

from django.utils.safestring import SafeString

from errors.presenters.source import colour_lines, language_of
from errors.presenters.values import show_rows
from errors.summary import WEB_ORIGIN

# Locals of the open frame are open too, unless they would push everything else away.
OPEN_LOCALS = 12
# Two equal calls in a row can be telling; more of them are a recursion.
RECURSION = 3


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of code; `number` is None where the SDK sent none."""

    number: int | None
    html: SafeString
    is_crash: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """One call, or `times` equal ones. `place` is its file, `lines` its code, possibly empty.

    `is_crash` tells the newest call from those that led to it.
    """

    place: str
    full_place: str
    function: str
    line_number: int | None
    column_number: int | None
    is_in_app: bool
    is_crash: bool
    is_open: bool
    lines: list[SourceLine]
    variables: list[tuple[str, str]]
    times: int

    @property
    def has_detail(self) -> bool:
        """Whether there is anything to open."""
        return bool(self.lines or self.variables)

    @property
    def are_locals_open(self) -> bool:
        """Whether its locals are shown at once."""
        return self.is_open and len(self.variables) <= OPEN_LOCALS


@dataclass(frozen=True, slots=True)
class FrameRun:
    """Neighbouring frames that are shown alike: library frames fold into one line."""

    frames: list[Frame]
    is_folded: bool

    @property
    def summary(self) -> str:
        """What the fold says: "14 frames of libraries"."""
        return f"{sum(frame.times for frame in self.frames)} frames of libraries"


def present_frames(
    frames: list[Mapping[str, Any]], platform: str, newest_first: bool, *, opens: bool
) -> list[FrameRun]:
    """The frames in runs; with `opens` the one to look at first is open."""
    has_app = any(frame.get("in_app") for frame in frames)
    calls = fold_recursion(frames)
    opened = _frame_to_open([frame for frame, _ in calls], has_app) if opens else -1
    shown = [
        _frame(frame, platform, times, is_crash=at == len(calls) - 1, is_open=at == opened)
        for at, (frame, times) in enumerate(calls)
    ]
    if newest_first:
        shown.reverse()
    return list(_fold(shown, has_app))


def fold_recursion(frames: list[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], int]]:
    """Frames with how often each repeats in a row: of a recursion only the newest call is left."""
    calls: list[tuple[Mapping[str, Any], int]] = []
    for line, group in groupby(frames, key=_line_of):
        run = list(group)
        if line and len(run) >= RECURSION:
            calls.append((run[-1], len(run)))
        else:
            calls += [(frame, 1) for frame in run]
    return calls


def _line_of(frame: Mapping[str, Any]) -> tuple[object, ...]:
    """The line of code that the frame stands at, empty where that is not known."""
    if "lineno" not in frame:
        return ()
    keys = ("abs_path", "filename", "module", "function", "lineno", "colno", "in_app")
    return tuple(frame.get(key) for key in keys)


def _frame_to_open(frames: list[Mapping[str, Any]], has_app: bool) -> int:
    """The frame nearest to the crash that is the application's own, else the crash itself."""
    for index in reversed(range(len(frames))):
        if frames[index].get("in_app") or not has_app:
            return index
    return -1


def _fold(frames: list[Frame], has_app: bool) -> Iterator[FrameRun]:
    """Runs of library frames fold; where nothing is in the app, nothing folds.

    A single one stays: its line takes no more room than the fold's.
    """
    for is_in_app, group in groupby(frames, key=lambda frame: frame.is_in_app or not has_app):
        run = list(group)
        yield FrameRun(run, is_folded=not is_in_app and len(run) > 1)


def _frame(
    frame: Mapping[str, Any], platform: str, times: int, *, is_crash: bool, is_open: bool
) -> Frame:
    place = frame.get("filename") or frame.get("module") or frame.get("package") or "unknown file"
    return Frame(
        place=WEB_ORIGIN.sub("", place) or place,
        full_place=frame.get("abs_path") or place,
        function=frame.get("function", ""),
        line_number=frame.get("lineno"),
        column_number=frame.get("colno"),
        is_in_app=bool(frame.get("in_app")),
        is_crash=is_crash,
        is_open=is_open,
        lines=_source(frame, str(frame.get("platform") or platform)),
        variables=show_rows(frame.get("vars", {})),
        times=times,
    )


def _source(frame: Mapping[str, Any], platform: str) -> list[SourceLine]:
    if "context_line" not in frame:
        return []
    before = frame.get("pre_context", [])
    lines = [*before, frame["context_line"], *frame.get("post_context", [])]
    # A line break inside a line would move all that follow. The indentation that all share says
    # nothing and wraps lines on a phone.
    code = dedent("\n".join(str(line).rstrip("\n").replace("\n", " ") for line in lines))
    language = language_of(str(frame.get("filename", "")), platform)
    number = frame.get("lineno")
    return [
        SourceLine(number - len(before) + at if number else None, html, at == len(before))
        for at, html in enumerate(colour_lines(code, language))
    ]
