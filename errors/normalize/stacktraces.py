"""Stack traces: frames oldest to newest, each either as it came or repaired."""

from typing import Any

from common.text import trim
from errors.normalize.data import is_bounded
from errors.normalize.fields import (
    Reader,
    as_text,
    data_of,
    drop_empty,
    keep_last,
    read_fields,
    read_flag,
    read_integer,
    text_of,
)
from errors.normalize.limits import (
    FRAME_TEXT,
    FRAMES,
    LOCALS_BYTES,
    SOURCE_LINES,
)
from errors.normalize.problems import Problems

ONE_LINE, ONE_LOCAL = ["-"], {"-": "-"}
# What Python's SDK sends, and most others: a frame of these alone is judged at a glance.
COMMON_KEYS = frozenset(
    (
        *("function", "module", "filename", "abs_path", "lineno", "colno", "in_app", "vars"),
        *("pre_context", "context_line", "post_context"),
    )
)
OFTEN_EMPTY = ("pre_context", "post_context", "vars")


def read_stacktrace(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    """Read {"frames": […]}, or a bare list of frames; None without a readable frame."""
    frames = value.get("frames") if isinstance(value, dict) else value
    if frames is None:
        return None
    if not isinstance(frames, list):
        problems.add_wrong_type(path, "a stack trace", value)
        return None
    frames = keep_last(frames, FRAMES, problems, f"{path}.frames")
    kept = []
    for index, frame in enumerate(frames):
        if _is_canonical(frame):
            kept.append(frame)
        elif repaired := _repair_frame(frame, problems, f"{path}.frames.{index}"):
            kept.append(repaired)
    return {"frames": kept} if kept else None


def read_checked_stacktrace(
    value: dict[str, Any], problems: Problems, path: str
) -> dict[str, Any] | None:
    """Read a stack trace that has the shape of `errors.normalize.schema`."""
    frames = keep_last(value.get("frames") or [], FRAMES, problems, f"{path}.frames")
    for index, frame in enumerate(frames):
        drop_empty(frame)
        if "filename" not in frame:
            _place_filename(frame, problems, f"{path}.frames.{index}")
    kept = [frame for frame in frames if frame]
    return {"frames": kept} if kept else None


def _is_canonical(frame: Any) -> bool:
    """Tell at a glance whether a frame can stay as it came; if not, it may still be right."""
    if type(frame) is not dict or not frame.keys() <= COMMON_KEYS:
        return False
    get = frame.get
    names = (
        get("filename", ""),
        get("function", "-"),
        get("module", "-"),
        get("abs_path", "-"),
        get("context_line", "-"),
    )
    before, after = get("pre_context", ONE_LINE), get("post_context", ONE_LINE)
    own = get("vars", ONE_LOCAL)
    if not (before and after and own):
        _drop_empty(frame)
        return _is_canonical(frame)
    try:
        # Joining proves that all are texts; what is short together is short one by one.
        length = len("".join(names)) + len("".join(before)) + len("".join(after))
    except TypeError:
        return False
    return (
        length <= FRAME_TEXT
        and all(names)
        and len(before) <= SOURCE_LINES >= len(after)
        and type(before) is type(after) is list
        and type(get("lineno", 0)) is type(get("colno", 0)) is int
        and type(get("in_app", True)) is bool
        and type(own) is dict
        and is_bounded(own)
    )


def _drop_empty(frame: dict[str, Any]) -> None:
    """Remove what is empty at a file's first line, or in a function without locals."""
    for key in OFTEN_EMPTY:
        if not frame.get(key, True):
            del frame[key]


def _repair_frame(frame: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    if not isinstance(frame, dict):
        problems.add_wrong_type(path, "an object", frame)
        return None
    kept = read_fields(frame, FRAME_FIELDS, problems, path)
    if "filename" not in kept:
        _place_filename(kept, problems, path)
    return kept or None


def _place_filename(frame: dict[str, Any], problems: Problems, path: str) -> None:
    if "abs_path" in frame:
        frame["filename"] = frame["abs_path"]
    elif not frame:
        problems.add(path, "a frame without any known field")


def _read_lines(value: Any, problems: Problems, path: str) -> list[str] | None:
    if not isinstance(value, list):
        problems.add_wrong_type(path, "a list of lines", value)
        return None
    if len(value) > SOURCE_LINES:
        problems.add(path, f"kept {SOURCE_LINES} of {len(value)}")
    return [trim(as_text(line) or "", FRAME_TEXT) for line in value[:SOURCE_LINES]]


FRAME_FIELDS: dict[str, Reader] = {
    "function": text_of(FRAME_TEXT),
    "raw_function": text_of(FRAME_TEXT),
    "module": text_of(FRAME_TEXT),
    "filename": text_of(FRAME_TEXT),
    "abs_path": text_of(FRAME_TEXT),
    "lineno": read_integer,
    "colno": read_integer,
    "pre_context": _read_lines,
    "context_line": text_of(FRAME_TEXT),
    "post_context": _read_lines,
    "in_app": read_flag,
    "vars": data_of(LOCALS_BYTES),
    "package": text_of(FRAME_TEXT),
    "instruction_addr": text_of(FRAME_TEXT),
    "platform": text_of(FRAME_TEXT),
    "stack_start": read_flag,
}
