"""Fingerprints: what a project's rules or the client say the group is."""

import re
from typing import Any

from errors.grouping.matchers import ALIASES, ERROR_FIELDS, FRAME_FIELDS, iterate_texts
from errors.grouping.rules import FingerprintRule

VARIABLE = re.compile(r"\{\{\s*([\w.:-]+)\s*\}\}")
DEFAULT = "default"


def pick_fingerprint(
    event: dict[str, Any], rules: tuple[FingerprintRule, ...]
) -> tuple[list[str], dict[str, Any]]:
    """Return the fingerprint that counts and where it came from; rules before the client."""
    for rule in rules:
        if rule.matches(event):
            return list(rule.values), {"source": "rule", "rule": rule.text}
    return event.get("fingerprint", []), {"source": "client"}


def is_default(fingerprint: list[str]) -> bool:
    """Tell whether the algorithm alone decides."""
    return all(_variable(part) == DEFAULT for part in fingerprint)


def fill_in(fingerprint: list[str], event: dict[str, Any], default: str) -> list[str]:
    """Replace {{ variables }} by the event's values; an unknown one stays as it is written."""

    def value_of(found: re.Match[str]) -> str:
        name = found[1].lower()
        value = default if name == DEFAULT else _value(event, name)
        return found[0] if value is None else value

    return [VARIABLE.sub(value_of, part) for part in fingerprint]


def has_default(fingerprint: list[str]) -> bool:
    """Tell whether any part names {{ default }}, the algorithm's own hash."""
    return any(name.lower() == DEFAULT for part in fingerprint for name in VARIABLE.findall(part))


def _variable(part: str) -> str | None:
    found = VARIABLE.fullmatch(part.strip())
    return found[1].lower() if found else None


def _value(event: dict[str, Any], name: str) -> str | None:
    attribute = ALIASES.get(name, name)
    newest: dict[str, Any] = next(reversed(event.get("exception", {}).get("values", ())), {})
    if attribute in ERROR_FIELDS:
        return newest.get(ERROR_FIELDS[attribute])
    if attribute in FRAME_FIELDS:
        frames = newest.get("stacktrace", {}).get("frames", [])
        own = [frame for frame in frames if frame.get("in_app")] or frames
        return own[-1].get(FRAME_FIELDS[attribute]) if own else None
    return next(iter(iterate_texts(event, attribute)), None)
