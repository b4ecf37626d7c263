"""Any JSON value as text that a person reads."""

import json
from collections.abc import Iterable, Mapping

ONE_LINE = 100


def show_value(value: object) -> str:
    """A string as it is; anything else as JSON, on one line where it is short."""
    if isinstance(value, str):
        return value
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= ONE_LINE:
        return text
    return json.dumps(value, ensure_ascii=False, indent=2)


def show_rows(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """A mapping as rows of a key-value list."""
    return [(str(key), show_value(value)) for key, value in values.items()]


def show_pairs(pairs: Iterable[Iterable[object]]) -> list[tuple[str, str]]:
    """Pairs, as headers and tags are stored, as rows of a key-value list."""
    return [(show_value(key), show_value(value)) for key, value in pairs]
