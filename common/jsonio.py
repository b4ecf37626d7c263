"""JSON in and out: fast where it is proper, tolerant where clients are not.

The standard allows neither NaN nor lone surrogates, byte-order marks or raw control characters,
yet SDKs send them. What cannot be kept is replaced, never a reason to lose an event.
"""

import json
import math
import re
from typing import Any

import orjson

# Walking nested values is recursive, here and in everything that reads them.
MAX_DEPTH = 200
TOO_DEEP = "[nested too deeply]"

_INT64_DIGITS = 20
# A pair of escapes or any escape but a surrogate's is matched first and left alone.
_SURROGATES = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
    r"|\\."
)
# Possessive, so that an unterminated string costs one pass; strings may run to the end.
_STRINGS_AND_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)


class JsonError(ValueError):
    """Text that is not JSON; `position` counts characters from 0."""

    def __init__(self, detail: str, position: int) -> None:
        super().__init__(f"{detail} at character {position}")
        self.position = position


def loads(data: bytes | bytearray | memoryview) -> Any:
    """Read one JSON value.

    Tolerated: a byte-order mark and broken UTF-8; lone surrogates (become U+FFFD); raw control
               characters; NaN, Infinity and numbers beyond a double (become text); values nested
               deeper than orjson reads (cut at MAX_DEPTH, TOO_DEEP stands in their place).
    Raises:    JsonError.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return _loads_tolerantly(bytes(data).decode("utf-8-sig", "replace"))


def dumps(value: Any) -> bytes:
    """Write compact JSON in UTF-8; lone surrogates become U+FFFD. Raises TypeError, ValueError."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        # Lone surrogates, whole numbers beyond 64 bits, keys that are no text, 255 levels.
        return _replace_surrogates(json.dumps(value, separators=(",", ":"))).encode()


def _loads_tolerantly(text: str) -> Any:
    try:
        return _DECODER.decode(_cut_depth(_replace_surrogates(text)))
    except json.JSONDecodeError as error:
        raise JsonError(error.msg, error.pos) from error


def _replace_surrogates(text: str) -> str:
    return _SURROGATES.sub(_replace_surrogate, text)


def _replace_surrogate(match: re.Match[str]) -> str:
    escape = match[0]
    return r"\ufffd" if len(escape) == 6 else escape


def _cut_depth(text: str) -> str:
    """Put TOO_DEEP in the place of what is nested deeper than MAX_DEPTH."""
    kept: list[str] = []
    depth = kept_until = 0
    for match in _STRINGS_AND_BRACKETS.finditer(text):
        mark = match[0]
        if mark in "[{":
            depth += 1
            if depth == MAX_DEPTH + 1:
                kept.append(text[kept_until : match.start()])
                kept_until = len(text)
        elif mark in "]}":
            if depth == MAX_DEPTH + 1:
                kept.append(f'"{TOO_DEEP}"')
                kept_until = match.end()
            depth -= 1
    return "".join(kept) + text[kept_until:]


def _read_int(text: str) -> int | float | str:
    """As orjson: what does not fit 64 bits is a double."""
    number = int(text) if len(text) <= _INT64_DIGITS else 2**64
    return number if -(2**63) <= number < 2**64 else _read_float(text)


def _read_float(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


_DECODER = json.JSONDecoder(
    strict=False, parse_constant=str, parse_int=_read_int, parse_float=_read_float
)
