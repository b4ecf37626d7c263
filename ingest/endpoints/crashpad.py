"""The native SDK's scope as it lies on disk while the program runs: MessagePack.

Source: sentry-native's Crashpad backend; MessagePack specification.
"""

from typing import Any

import msgpack

from common.jsonio import MAX_DEPTH, TOO_DEEP

MAX_BYTES = 1024 * 1024
MAX_BREADCRUMBS = 200
MAX_LIST = 1000


def read_event(content: bytes) -> dict[str, Any]:
    """The event in the file; {} for what is none."""
    found = _read(content, 1)
    return _as_json(found[0]) if found and isinstance(found[0], dict) else {}


def read_breadcrumbs(content: bytes) -> list[dict[str, Any]]:
    """The breadcrumbs in the file, one after the other, up to the first that cannot be read."""
    return [_as_json(one) for one in _read(content, MAX_BREADCRUMBS) if isinstance(one, dict)]


def _read(content: bytes, limit: int) -> list[Any]:
    """The first objects of a file, which may end in the middle of one: the program had crashed."""
    if len(content) > MAX_BYTES:
        return []
    unpacker = msgpack.Unpacker(
        max_buffer_size=MAX_BYTES,
        # A list's room is taken when its length is read, and lists may lie in lists.
        max_array_len=MAX_LIST,
        strict_map_key=False,
        unicode_errors="replace",
    )
    unpacker.feed(content)
    found: list[Any] = []
    try:
        while len(found) < limit:
            found.append(unpacker.unpack())
    except (msgpack.UnpackException, ValueError, RecursionError, OverflowError, TypeError):
        # The last one: a list or a map as the key of a map.
        pass
    return found


def _as_json(value: Any, depth: int = 1) -> Any:
    """The same in JSON's types; MessagePack nests deeper than JSON is read here."""
    if isinstance(value, dict | list) and depth > MAX_DEPTH:
        return TOO_DEEP
    if isinstance(value, dict):
        return {str(name): _as_json(part, depth + 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_json(part, depth + 1) for part in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return repr(value)[:200]
