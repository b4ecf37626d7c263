"""Severity under its many names."""

from typing import Any

from errors.normalize.problems import Problems

DEFAULT_LEVEL = "error"
LEVEL_NAMES = frozenset(("debug", "info", "warning", "error", "fatal"))
ALIASES = {
    "log": "info",
    "notice": "info",
    "trace": "debug",
    "warn": "warning",
    "critical": "fatal",
    "10": "debug",
    "20": "info",
    "30": "warning",
    "40": "error",
    "50": "fatal",
}


def read_level(value: Any, problems: Problems, path: str) -> str | None:
    """Read a level's name, an alias of it, or Python's number for it."""
    name = str(value).lower() if isinstance(value, str | int) else ""
    if name in LEVEL_NAMES:
        return name
    if name not in ALIASES:
        problems.add(path, "not a known level")
    return ALIASES.get(name)
