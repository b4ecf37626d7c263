"""Attributes as OpenTelemetry writes them, {"key": "otp", "value": {…}}: no field has the name.

Source: OpenTelemetry Protocol, KeyValue.
"""

from collections.abc import Callable
from typing import Any

from errors.scrub.spans import FILTERED


def filter_key_values(value: Any, is_sensitive: Callable[[str], bool]) -> Any:
    """Return any JSON value with the attributes filtered whose key names a secret."""
    if isinstance(value, list):
        return [filter_key_values(part, is_sensitive) for part in value]
    if not isinstance(value, dict):
        return value
    key = value.get("key")
    if isinstance(key, str) and "value" in value and is_sensitive(key):
        return {**value, "value": {"stringValue": FILTERED}}
    return {name: filter_key_values(part, is_sensitive) for name, part in value.items()}
