"""Which frames are the application's own, where an SDK leaves that open."""

import re
from typing import Any

from errors.normalize.exceptions import iterate_stacktraces

LIBRARY_PATH = re.compile(
    r"""
      (?:^|[/\\])(?:
          site-packages | dist-packages | lib/python\d(?:\.\d+)? | lib64/python\d(?:\.\d+)?
        | node_modules | bower_components | vendor | gems | \.cargo/registry | rustc
        | pkg/mod | usr/lib | usr/local/go | go/src/runtime | System/Library | deps
      )[/\\]
    | ^(?:node:|internal/|\[?native\b|<frozen|<string|<anonymous|package:flutter/|dart:)
    | ^(?:chrome|moz|safari(?:-web)?|ms-browser)-extension:
    """,
    re.VERBOSE,
)
LIBRARY_MODULE = {
    "java": re.compile(r"(?:java|javax|jdk|sun|com\.sun|kotlin|kotlinx|scala|android|androidx)\."),
    "csharp": re.compile(r"(?:System|Microsoft)(?:\.|$)"),
    "rust": re.compile(r"(?:std|core|alloc)::"),
}


def mark_in_app(event: dict[str, Any]) -> None:
    """Set `in_app` on the frames that came without, by path and module."""
    for stacktrace in iterate_stacktraces(event):
        for frame in stacktrace["frames"]:
            if "in_app" not in frame:
                frame["in_app"] = not _is_library(frame, event["platform"])


def _is_library(frame: dict[str, Any], platform: str) -> bool:
    if any(LIBRARY_PATH.search(frame.get(key, "")) for key in ("abs_path", "filename", "package")):
        return True
    pattern = LIBRARY_MODULE.get(frame.get("platform", platform))
    name = frame.get("module") or frame.get("function", "")
    return pattern is not None and pattern.match(name) is not None
