"""What a stack frame contributes: where it is, by names and source, never by line numbers."""

import re
from typing import Any

from common.text import last_part

LINE_LENGTH = 120
JAVASCRIPT = frozenset(("javascript", "node"))
NATIVE_FILES = frozenset(("native", "[native code]", "native code", "<anonymous>", "anonymous"))
ANONYMOUS = re.compile(r"(?:^|[.\s])(?:<anonymous>|\?|anonymous(?: function)?|<unknown>)$|^$")
EVAL = re.compile(r"^eval\b|\beval at |> eval$|\beval code$")
# Bundlers put a hash of the content between a file's name and its ending.
CONTENT_HASH = re.compile(r"[.\-_](?=[0-9a-z_-]*\d)[0-9a-z_-]{8,64}(?=\.(?:[cm]?js|mjs)\b)")
MINIFIED_LENGTH = 2


def frame_key(frame: dict[str, Any], platform: str) -> str:
    """Return what a frame contributes, "" for one that says nothing lasting.

    Shape: module (else the file's base name), function and source line, a line each.
    """
    if frame.get("platform", platform) in JAVASCRIPT:
        return _javascript_key(frame)
    place = frame.get("module") or _base_name(frame)
    function = frame.get("function", "")
    if not place and not function:
        return ""
    return f"{place}\n{function}\n{_source_line(frame)}"


def _source_line(frame: dict[str, Any]) -> str:
    line = " ".join(frame.get("context_line", "").split())
    return line if len(line) <= LINE_LENGTH else ""


def _base_name(frame: dict[str, Any]) -> str:
    name: str = frame.get("filename") or frame.get("package") or ""
    return last_part(name).lower()


def _javascript_key(frame: dict[str, Any]) -> str:
    """Return a JavaScript frame's part: names that a minifier or an engine made up do not count.

    A readable source line, from a source map or the file itself, beats a minified name.
    """
    file_name, function = frame.get("filename", ""), frame.get("function", "")
    if file_name in NATIVE_FILES or EVAL.search(file_name) or EVAL.search(function):
        return ""
    line = _source_line(frame)
    if ANONYMOUS.search(function) or (line and _is_minified(function)):
        function = ""
    if not function and not line:
        return ""
    place = frame.get("module") or CONTENT_HASH.sub("", _base_name(frame).partition("?")[0])
    return f"{place}\n{function}\n{line}"


def _is_minified(function: str) -> bool:
    return len(function.rpartition(".")[2]) <= MINIFIED_LENGTH
