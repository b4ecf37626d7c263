"""What surrounds an event: contexts, extra data, SDK, modules, fingerprint, debug images."""

from typing import Any

import orjson

from common.text import trim
from errors.normalize.data import bound_data
from errors.normalize.fields import (
    Reader,
    as_text,
    iterate_pairs,
    label_of,
    list_of,
    read_fields,
)
from errors.normalize.limits import (
    CONTEXT_BYTES,
    CONTEXTS,
    EXTRA_BYTES,
    EXTRA_ITEM_BYTES,
    FINGERPRINT_PART,
    FINGERPRINT_PARTS,
    MODULES,
    NAME,
    PACKAGES,
)
from errors.normalize.problems import Problems


def read_contexts(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    """Read {name: {…}} without nulls; a context that is no object is dropped."""
    if not isinstance(value, dict):
        problems.add_wrong_type(path, "an object", value)
        return None
    kept: dict[str, Any] = {}
    for name, context in value.items():
        if len(kept) == CONTEXTS:
            problems.add(path, f"kept {CONTEXTS} of {len(value)}")
            break
        if isinstance(context, dict):
            if bound := _without_nulls(bound_data(context, CONTEXT_BYTES)):
                kept[trim(name, NAME)] = bound
        elif context is not None:
            problems.add_wrong_type(f"{path}.{name}", "an object", context)
    return kept


def _without_nulls(context: dict[str, Any]) -> dict[str, Any]:
    if None in context.values():
        return {key: item for key, item in context.items() if item is not None}
    return context


def read_extra(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    """Read an object of anything, each item and all of them within their size."""
    if not isinstance(value, dict):
        problems.add_wrong_type(path, "an object", value)
        return None
    kept: dict[str, Any] = {}
    left_bytes = EXTRA_BYTES
    for name, item in value.items():
        bound = bound_data(item, EXTRA_ITEM_BYTES)
        left_bytes -= len(name) + len(orjson.dumps(bound))
        if left_bytes < 0:
            problems.add(path, f"kept {len(kept)} of {len(value)}, the size of {EXTRA_BYTES} bytes")
            break
        kept[trim(name, NAME)] = bound
    return kept


def read_sdk(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    """Read the SDK's name, version, integrations and packages."""
    if not isinstance(value, dict):
        problems.add_wrong_type(path, "an object", value)
        return None
    return read_fields(value, SDK_FIELDS, problems, path)


def read_modules(value: Any, problems: Problems, path: str) -> dict[str, str] | None:
    """Read {name: version}, also from pairs."""
    kept: dict[str, str] = {}
    for name, version in iterate_pairs(value, problems, path):
        key, text = as_text(name), as_text(version)
        if key and text:
            kept[trim(key, NAME)] = trim(text, NAME)
        if len(kept) == MODULES:
            break
    return kept


def read_fingerprint(value: Any, problems: Problems, path: str) -> list[str] | None:
    """Read a list of texts; one text alone is a list of one."""
    parts: list[str] | None = list_of(label_of(FINGERPRINT_PART), FINGERPRINT_PARTS)(
        value if isinstance(value, list) else [value], problems, path
    )
    return parts


def _read_package(value: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        problems.add_wrong_type(path, "an object", value)
        return None
    return read_fields(value, PACKAGE_FIELDS, problems, path) or None


PACKAGE_FIELDS: dict[str, Reader] = {"name": label_of(NAME), "version": label_of(NAME)}
SDK_FIELDS: dict[str, Reader] = {
    "name": label_of(NAME),
    "version": label_of(NAME),
    "integrations": list_of(label_of(NAME), PACKAGES),
    "packages": list_of(_read_package, PACKAGES),
}
