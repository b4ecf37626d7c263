"""Breadcrumbs: the newest, in the order in which they came, on the corrected clock."""

from itertools import chain
from typing import Any

from errors.normalize.data import is_bounded
from errors.normalize.fields import (
    Reader,
    data_of,
    drop_empty,
    keep_last,
    label_of,
    message_of,
    read_fields,
    read_values,
)
from errors.normalize.levels import LEVEL_NAMES, read_level
from errors.normalize.limits import BREADCRUMBS, CRUMB_DATA_BYTES, MESSAGE
from errors.normalize.problems import Problems
from errors.normalize.times import parse_times, read_time

CRUMB_FIELDS: dict[str, Reader] = {
    "timestamp": read_time,
    "type": label_of(MESSAGE),
    "category": label_of(MESSAGE),
    "level": read_level,
    "message": message_of(MESSAGE),
    "data": data_of(CRUMB_DATA_BYTES),
}
CRUMB_KEYS = frozenset(CRUMB_FIELDS)


def read_breadcrumbs(
    value: Any, problems: Problems, path: str, drift: float, *, is_checked: bool = False
) -> dict[str, Any] | None:
    """Read breadcrumbs in any of their three shapes; `drift` seconds correct their times.

    Those that are checked have the shape of `errors.normalize.schema`.
    """
    items = keep_last(read_values(value, problems, path), BREADCRUMBS, problems, path)
    if _place_times(items) if is_checked else _are_canonical(items):
        crumbs = items
    else:
        read = (_repair(item, problems, f"{path}.values.{n}") for n, item in enumerate(items))
        crumbs = [crumb for crumb in read if crumb]
    if drift:
        for crumb in crumbs:
            if "timestamp" in crumb:
                crumb["timestamp"] += drift
    return {"values": crumbs} if crumbs else None


def _place_times(crumbs: list[dict[str, Any]]) -> bool:
    """Turn the times of checked crumbs into seconds; tell whether all can stay as they are."""
    times = parse_times([crumb.get("timestamp") for crumb in crumbs])
    levels = [crumb.get("level", "info") for crumb in crumbs]
    if None in times or not LEVEL_NAMES.issuperset(levels):
        return False
    for crumb, seconds in zip(crumbs, times, strict=True):
        drop_empty(crumb)
        crumb["timestamp"] = seconds
    return True


def _are_canonical(crumbs: list[Any]) -> bool:
    """Tell whether all can stay as they came, their times already turned into seconds.

    Looks at one field of all crumbs after the other: for 60 crumbs half the time of a loop over
    each crumb's fields.
    """
    try:
        if not CRUMB_KEYS.issuperset(chain.from_iterable(crumbs)):
            return False
        texts = [
            crumb.get(name, "-") for name in ("message", "category", "type") for crumb in crumbs
        ]
        times = parse_times([crumb["timestamp"] for crumb in crumbs])
        # Joining proves that all are texts.
        is_canonical = (
            all(texts)
            and len("".join(texts)) >= max(map(len, texts), default=0) <= MESSAGE
            and LEVEL_NAMES.issuperset([crumb.get("level", "info") for crumb in crumbs])
            and None not in times
            and _have_bounded_data(crumbs)
        )
    except (TypeError, KeyError, AttributeError):
        return False
    if is_canonical:
        for crumb, seconds in zip(crumbs, times, strict=True):
            crumb["timestamp"] = seconds
    return is_canonical


def _have_bounded_data(crumbs: list[dict[str, Any]]) -> bool:
    for crumb in crumbs:
        if data := crumb.get("data"):
            if type(data) is not dict or not is_bounded(data):
                return False
        else:
            # Python's SDK sends an empty object with most log lines.
            crumb.pop("data", None)
    return True


def _repair(crumb: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    if not isinstance(crumb, dict):
        problems.add_wrong_type(path, "an object", crumb)
        return None
    kept = read_fields(crumb, CRUMB_FIELDS, problems, path)
    if not kept:
        problems.add(path, "a breadcrumb that says nothing")
    return kept
