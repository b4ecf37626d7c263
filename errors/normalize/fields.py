"""Readers of an event's fields: each takes what was sent and returns what is kept, or None.

A reader never raises: what it cannot read becomes a problem.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from common.text import trim
from errors.normalize.data import bound_data
from errors.normalize.limits import PAIRS
from errors.normalize.problems import Problems

Reader = Callable[[Any, Problems, str], Any]


def read_fields(
    raw: Mapping[str, Any], fields: Mapping[str, Reader], problems: Problems, path: str
) -> dict[str, Any]:
    """Read the named fields, in their order; what is null, empty or unreadable is absent."""
    prefix = f"{path}." if path else ""
    kept = {}
    for key, read in fields.items():
        value = raw.get(key)
        if value is not None:
            value = read(value, problems, prefix + key)
            if value or value == 0:
                kept[key] = value
    return kept


def drop_empty(fields: dict[str, Any]) -> None:
    """Remove what is null or empty, in place, as `read_fields` leaves it out."""
    if not all(fields.values()):
        for key in [key for key, value in fields.items() if not value and value != 0]:
            del fields[key]


def text_of(limit: int) -> Reader:
    """Make a reader of texts up to `limit` characters; numbers and booleans become text."""

    def read(value: Any, problems: Problems, path: str) -> str | None:
        text = as_text(value)
        if text is None:
            problems.add_wrong_type(path, "a text", value)
            return None
        return trim(text, limit)

    return read


def label_of(limit: int) -> Reader:
    """Make a reader of one-line names, such as a release: text without space around it."""
    read_text = text_of(limit)

    def read(value: Any, problems: Problems, path: str) -> str | None:
        if type(value) is str:
            return trim(value.strip(), limit)
        text: str | None = read_text(value, problems, path)
        return text

    return read


def message_of(limit: int) -> Reader:
    """Make a reader of texts where objects are welcome too, as JSON."""

    def read(value: Any, problems: Problems, path: str) -> str | None:
        text = as_text(value)
        if text is None:
            text = orjson.dumps(bound_data(value, limit)).decode()
        return trim(text, limit)

    return read


def data_of(limit_bytes: int) -> Reader:
    """Make a reader of objects of any shape, up to `limit_bytes` as JSON."""

    def read(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            problems.add_wrong_type(path, "an object", value)
            return None
        bound: dict[str, Any] = bound_data(value, limit_bytes)
        return bound

    return read


def read_integer(value: Any, problems: Problems, path: str) -> int | None:
    """Read a number that counts: zero or more, also as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**63:
        return int(value)
    problems.add_wrong_type(path, "a number of zero or more", value)
    return None


def read_flag(value: Any, problems: Problems, path: str) -> bool | None:
    if isinstance(value, bool):
        return value
    problems.add_wrong_type(path, "a boolean", value)
    return None


def as_text(value: object) -> str | None:
    """Return a scalar as the text that JSON shows, None for everything else."""
    if isinstance(value, str):
        return value
    return orjson.dumps(value).decode() if isinstance(value, int | float) else None


def list_of(read: Reader, limit: int) -> Reader:
    """Make a reader of lists; the first `limit` items are kept."""

    def read_list(value: Any, problems: Problems, path: str) -> list[Any] | None:
        if not isinstance(value, list):
            problems.add_wrong_type(path, "a list", value)
            return None
        if len(value) > limit:
            problems.add(path, f"kept {limit} of {len(value)}")
        items = (read(item, problems, path) for item in value[:limit])
        return [item for item in items if item is not None]

    return read_list


def read_values(value: Any, problems: Problems, path: str) -> list[Any]:
    """Return the items of {"values": […]}, a bare list, or one object."""
    if isinstance(value, dict):
        value = value.get("values", [value])
    if isinstance(value, list):
        return value
    if value is not None:
        problems.add_wrong_type(path, "a list", value)
    return []


def keep_last(items: list[Any], limit: int, problems: Problems, path: str) -> list[Any]:
    """Return the last `limit` items: the newest ones, by this protocol's order."""
    if len(items) <= limit:
        return items
    problems.add(path, f"kept the last {limit} of {len(items)}")
    return items[-limit:]


def iterate_pairs(value: Any, problems: Problems, path: str) -> Iterator[tuple[Any, Any]]:
    """Yield the pairs of an object, of a list of pairs, or of a list of {"key", "value"}."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, list) and len(item) == 2:
                yield item[0], item[1]
            elif isinstance(item, dict) and {"key", "value"} <= item.keys():
                yield item["key"], item["value"]
            elif item is not None:
                problems.add(f"{path}.{index}", "expected a pair")
    else:
        problems.add_wrong_type(path, "an object or a list of pairs", value)


def pairs_of(key_limit: int, value_limit: int) -> Reader:
    """Make a reader of pairs that keeps order and repeated keys: [[key, value], …]."""

    def read(value: Any, problems: Problems, path: str) -> list[list[str]]:
        if type(value) is dict and _are_short_texts(value, min(key_limit, value_limit)):
            return [[name, text] for name, text in value.items() if name]
        kept: list[list[str]] = []
        for key, item in iterate_pairs(value, problems, path):
            for part in item if isinstance(item, list) else (item,):
                name, text = as_text(key), as_text(part) if part is not None else ""
                if not name or text is None:
                    problems.add(f"{path}.{name}", "expected a name and a text")
                elif len(kept) == PAIRS:
                    problems.add(path, f"kept the first {PAIRS}")
                    return kept
                else:
                    kept.append([trim(name, key_limit), trim(text, value_limit)])
        return kept

    return read


def _are_short_texts(value: dict[str, Any], limit: int) -> bool:
    try:
        length = len("".join(value)) + len("".join(value.values()))
    except TypeError:
        return False
    return length <= limit and len(value) <= PAIRS
