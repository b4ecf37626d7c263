"""The shape in which stock SDKs send events: what has it needs no second look at its largest parts.

The parser checks it while it builds the values, at hardly any cost; looking at each frame and each
breadcrumb afterwards takes as long as parsing. What is not named here is not even built.
"""

from collections.abc import Iterable
from typing import Annotated, Any, TypedDict

import orjson
from msgspec import Meta, Raw, json

from errors.normalize.limits import (
    DATA_DEPTH,
    DATA_ENTRIES,
    DATA_TEXT,
    FRAME_TEXT,
    MESSAGE,
    SOURCE_LINES,
)


def _object_of(types: dict[str, Any]) -> Any:
    """The type of objects with these keys, each of which may be missing."""
    typed_dict: Any = TypedDict
    return typed_dict("Object", types, total=False)


def _each(keys: Iterable[str], type_: Any) -> dict[str, Any]:
    return dict.fromkeys(keys, type_ | None)


def _list_of(type_: Any) -> Any:
    return list.__class_getitem__(type_)


def _dict_of(type_: Any) -> Any:
    return dict.__class_getitem__((str, type_))


def _values_of(types: dict[str, Any]) -> Any:
    """The type of {"values": […]}; an object without is one item itself, and not meant here."""
    typed_dict: Any = TypedDict
    return typed_dict("Values", {"values": _list_of(_object_of(types)) | None}) | None


def _data() -> Any:
    """The type of objects within the bounds of `errors.normalize.data`."""
    size = Meta(max_length=DATA_ENTRIES)
    leaf: Any = Annotated[str, Meta(max_length=DATA_TEXT)] | bool | Integer | float | None
    value = leaf
    for _ in range(DATA_DEPTH - 1):
        value = leaf | Annotated[_list_of(value), size] | Annotated[_dict_of(value), size]
    return Annotated[_dict_of(value), size]


# What orjson takes for a float is no integer here either.
Integer: Any = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Natural: Any = Annotated[int, Meta(ge=0, le=2**63 - 1)]
# PHP writes an empty object as a list.
Data: Any = _data() | Annotated[_list_of(None), Meta(max_length=0)]
FrameText: Any = Annotated[str, Meta(max_length=FRAME_TEXT)]
Lines: Any = Annotated[_list_of(FrameText), Meta(max_length=SOURCE_LINES)]
Message: Any = Annotated[str, Meta(max_length=MESSAGE)]

FRAME_TYPES: dict[str, Any] = {
    **_each(("function", "raw_function", "module", "filename", "abs_path"), FrameText),
    **_each(("context_line", "package", "instruction_addr", "platform"), FrameText),
    **_each(("pre_context", "post_context"), Lines),
    **_each(("lineno", "colno"), Natural),
    **_each(("in_app", "stack_start"), bool),
    "vars": Data | None,
}
STACKS = _each(
    ("stacktrace", "raw_stacktrace"),
    _object_of({"frames": _list_of(_object_of(FRAME_TYPES)) | None}),
)
EXCEPTION_TYPES: dict[str, Any] = {
    **_each(("type", "value", "module"), str),
    **STACKS,
    "mechanism": Data | None,
    "thread_id": str | Integer | None,
}
THREAD_TYPES: dict[str, Any] = {
    **_each(("name", "state"), str),
    **_each(("crashed", "current", "main"), bool),
    **STACKS,
    "id": str | Integer | None,
}
CRUMB_TYPES: dict[str, Any] = {
    **_each(("type", "category", "level", "message"), Message),
    "timestamp": str | Integer | float | None,
    "data": Data | None,
}


# Small parts, of any shape: orjson parses them, and their own readers look at them.
RAW_NAMES = (
    *("logentry", "message", "stacktrace", "request", "user", "contexts", "extra", "sdk"),
    *("modules", "fingerprint", "debug_meta", "tags"),
)
SCALAR_NAMES = (
    *("event_id", "timestamp", "platform", "level", "logger", "release", "dist"),
    *("environment", "server_name", "transaction", "culprit"),
)
# Whoever uses the names of long ago may use its shapes too: no more than null is expected there.
OLD_NAMES = (
    *("sentry.interfaces.Message", "sentry.interfaces.Exception"),
    *("sentry.interfaces.Stacktrace", "sentry.interfaces.Breadcrumbs"),
    *("sentry.interfaces.Http", "sentry.interfaces.User"),
)
EVENT_TYPES: dict[str, Any] = {
    "exception": _values_of(EXCEPTION_TYPES),
    "threads": _values_of(THREAD_TYPES),
    "breadcrumbs": _values_of(CRUMB_TYPES),
    **dict.fromkeys(RAW_NAMES, Raw),
    **_each(SCALAR_NAMES, str | bool | Integer | float),
    **dict.fromkeys(OLD_NAMES),
}
_DECODER: Any = json.Decoder(_object_of(EVENT_TYPES))


def decode_event(text: bytes) -> dict[str, Any] | None:
    """Parse an event, but for what is not named here; None when it has another shape."""
    try:
        event: dict[str, Any] = _DECODER.decode(text)
        for name in RAW_NAMES:
            if name in event:
                event[name] = orjson.loads(memoryview(event[name]))
    except (ValueError, RecursionError):
        return None
    return event
