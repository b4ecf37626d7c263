"""Breadcrumbs: the newest, in the order in which they came, on the corrected clock."""

from typing import Any

from errors.normalize.data import is_bounded
from errors.normalize.fields import (
    Reader,
    data_of,
    keep_last,
    label_of,
    message_of,
    read_fields,
    read_values,
)
from errors.normalize.levels import LEVEL_NAMES, read_level
from errors.normalize.limits import BREADCRUMBS, CRUMB_DATA_BYTES, MESSAGE, NAME
from errors.normalize.problems import Problems
from errors.normalize.times import parse_time

CRUMB_TYPES: dict[str, type] = {
    "type": str,
    "category": str,
    "level": str,
    "message": str,
    "data": dict,
}


def read_breadcrumbs(
    value: Any, problems: Problems, path: str, drift: float
) -> dict[str, Any] | None:
    """Read breadcrumbs in any of their three shapes; `drift` seconds correct their times."""
    items = keep_last(read_values(value, problems, path), BREADCRUMBS, problems, path)
    kept = []
    for index, item in enumerate(items):
        crumb = item if _is_canonical(item) else _repair(item, problems, f"{path}.values.{index}")
        if crumb:
            _correct_time(crumb, drift, problems, path, index)
            kept.append(crumb)
    return {"values": kept} if kept else None


def _is_canonical(crumb: Any) -> bool:
    """Tell whether a breadcrumb can stay as it came, but for its time."""
    if type(crumb) is not dict:
        return False
    # Python's SDK sends an empty object with most log lines.
    if not crumb.get("data", True):
        del crumb["data"]
    for key, value in crumb.items():
        kind = type(value)
        if CRUMB_TYPES.get(key) is not kind:
            if key != "timestamp":
                return False
        elif kind is str:
            if not 0 < len(value) <= NAME:
                return False
        elif not is_bounded(value):
            return False
    return crumb.get("level", "info") in LEVEL_NAMES


def _repair(crumb: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    if not isinstance(crumb, dict):
        problems.add_wrong_type(path, "an object", crumb)
        return None
    kept = read_fields(crumb, CRUMB_FIELDS, problems, path)
    if not kept:
        problems.add(path, "a breadcrumb that says nothing")
    elif crumb.get("timestamp") is not None:
        kept["timestamp"] = crumb["timestamp"]
    return kept


def _correct_time(
    crumb: dict[str, Any], drift: float, problems: Problems, path: str, index: int
) -> None:
    value = crumb.get("timestamp")
    if value is None:
        crumb.pop("timestamp", None)
        return
    seconds = parse_time(value)
    if seconds is None:
        del crumb["timestamp"]
        problems.add(f"{path}.values.{index}.timestamp", "expected RFC 3339 or unix seconds")
    else:
        crumb["timestamp"] = seconds + drift


CRUMB_FIELDS: dict[str, Reader] = {
    "type": label_of(NAME),
    "category": label_of(NAME),
    "level": read_level,
    "message": message_of(MESSAGE),
    "data": data_of(CRUMB_DATA_BYTES),
}
