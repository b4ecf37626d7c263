"""Free-form JSON (locals, extra, breadcrumb data, contexts): any shape, within bounds.

What is within its bounds, as nearly all is, passes through as it came after a quick look. The
rest is copied and trimmed, and every trimmed text ends with "…".
"""

import math
from collections.abc import Collection
from itertools import islice
from typing import Any

import orjson

from common.text import ELLIPSIS, trim
from errors.normalize.limits import DATA_DEPTH, DATA_ENTRIES, DATA_KEY, DATA_TEXT

# What a cut may add once the budget is used up: a mark on each level, and one last number.
RESERVE_BYTES = len(orjson.dumps({ELLIPSIS: ELLIPSIS})) * (DATA_DEPTH + 1) + 32


def bound_data(value: Any, limit_bytes: int) -> Any:
    """Return the value with bounded depth, entries, texts, and size as JSON."""
    if type(value) is dict or type(value) is list:
        if is_bounded(value) and len(orjson.dumps(value)) <= limit_bytes:
            return value
    elif type(value) is not str and type(value) is not float:
        return value
    return _Trimmer(limit_bytes).trim(value, DATA_DEPTH)


def is_bounded(value: dict[str, Any] | list[Any], depth: int = DATA_DEPTH) -> bool:
    """Tell whether depth, entries, texts and numbers are within their bounds."""
    items: Collection[Any] = value
    if type(value) is dict:
        items = value.values()
    if len(items) > DATA_ENTRIES or depth == 0:
        return False
    for item in items:
        kind = type(item)
        if kind is str:
            if len(item) > DATA_TEXT:
                return False
        elif kind is dict or kind is list:
            if not is_bounded(item, depth - 1):
                return False
        elif kind is float and not math.isfinite(item):
            return False
    return True


class _Trimmer:
    """Copies a value until a budget of JSON bytes is used up."""

    def __init__(self, budget_bytes: int) -> None:
        self.left = budget_bytes - RESERVE_BYTES

    def trim(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict | list) and depth == 0:
            value = ELLIPSIS
        if isinstance(value, dict):
            return self._trim_dict(value, depth)
        if isinstance(value, list):
            return self._trim_list(value, depth)
        if isinstance(value, str):
            return self._trim_text(value)
        if isinstance(value, float) and not math.isfinite(value):
            value = None
        self.left -= len(orjson.dumps(value)) + 1
        return value

    def _trim_dict(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        self.left -= 3
        kept: dict[str, Any] = {}
        for key, item in value.items():
            name = trim(key, DATA_KEY)
            self.left -= len(orjson.dumps(name)) + 1
            if len(kept) >= DATA_ENTRIES - 1 or self.left <= 0:
                kept[ELLIPSIS] = ELLIPSIS
                break
            kept[name] = self.trim(item, depth - 1)
        return kept

    def _trim_list(self, value: list[Any], depth: int) -> list[Any]:
        self.left -= 3
        kept: list[Any] = []
        for item in islice(value, DATA_ENTRIES - 1):
            if self.left <= 0:
                break
            kept.append(self.trim(item, depth - 1))
        if len(kept) < len(value):
            kept.append(ELLIPSIS)
        return kept

    def _trim_text(self, text: str) -> str:
        text = trim(text, DATA_TEXT)
        room = max(self.left, 0)
        while (size := len(orjson.dumps(text)) + 1) > room and len(text) > 1:
            text = trim(text, max(min(len(text) - 1, len(text) * room // size), 1))
        self.left -= size
        return text
