"""Stack traces: frames oldest to newest, each either as it came or repaired."""

from typing import Any

from common.text import trim
from errors.normalize.data import bound_locals, is_bounded
from errors.normalize.fields import (
    Reader,
    as_text,
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

FRAME_TYPES: dict[str, type] = {
    "function": str,
    "raw_function": str,
    "module": str,
    "filename": str,
    "abs_path": str,
    "lineno": int,
    "colno": int,
    "pre_context": list,
    "context_line": str,
    "post_context": list,
    "in_app": bool,
    "vars": dict,
    "package": str,
    "instruction_addr": str,
    "platform": str,
    "stack_start": bool,
}


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


def _is_canonical(frame: Any) -> bool:
    """Tell whether a frame can stay as it came: one look at each value."""
    if type(frame) is not dict:
        return False
    for key, value in frame.items():
        kind = type(value)
        if FRAME_TYPES.get(key) is not kind:
            return False
        if kind is str:
            if not 0 < len(value) <= FRAME_TEXT:
                return False
        elif kind is int:
            if value < 0:
                return False
        elif kind is list:
            if not _are_lines(value):
                return False
        elif kind is dict and not (value and is_bounded(value)):
            return False
    return "filename" in frame or ("abs_path" not in frame and bool(frame))


def _are_lines(lines: list[Any]) -> bool:
    try:
        length = len("".join(lines))
    except TypeError:
        return False
    return 0 < len(lines) <= SOURCE_LINES and (
        length <= FRAME_TEXT or max(map(len, lines)) <= FRAME_TEXT
    )


def _repair_frame(frame: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    if not isinstance(frame, dict):
        problems.add_wrong_type(path, "an object", frame)
        return None
    kept = read_fields(frame, FRAME_FIELDS, problems, path)
    if "filename" not in kept and "abs_path" in kept:
        kept["filename"] = kept["abs_path"]
    if not kept:
        problems.add(path, "a frame without any known field")
    return kept or None


def _read_lines(value: Any, problems: Problems, path: str) -> list[str] | None:
    if not isinstance(value, list):
        problems.add_wrong_type(path, "a list of lines", value)
        return None
    if len(value) > SOURCE_LINES:
        problems.add(path, f"kept {SOURCE_LINES} of {len(value)}")
    return [trim(as_text(line) or "", FRAME_TEXT) for line in value[:SOURCE_LINES]]


def _read_locals(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        problems.add_wrong_type(path, "an object", value)
        return None
    return bound_locals(value, LOCALS_BYTES)


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
    "vars": _read_locals,
    "package": text_of(FRAME_TEXT),
    "instruction_addr": text_of(FRAME_TEXT),
    "platform": text_of(FRAME_TEXT),
    "stack_start": read_flag,
}
