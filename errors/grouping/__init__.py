"""Which events belong together, and why.

Source: the ingestion contract, "Grouping, as users of these SDKs know it".
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from errors.grouping.fingerprints import fill_in, has_default, is_default, pick_fingerprint
from errors.grouping.rules import (
    NO_RULES,
    FingerprintRule,
    GroupingRules,
    RuleError,
    StackTraceRule,
    parse_fingerprint_rules,
    parse_stack_trace_rules,
)
from errors.grouping.strategies import run_strategies

__all__ = [
    "LATEST",
    "NO_RULES",
    "FingerprintRule",
    "Grouping",
    "GroupingRules",
    "RuleError",
    "StackTraceRule",
    "group_event",
    "parse_fingerprint_rules",
    "parse_stack_trace_rules",
]

LATEST = 1


@dataclass(frozen=True, slots=True)
class Grouping:
    """Where an event belongs.

    Shape: primary and secondary are 32 hex digits; either finds the issue. The explanation is
           JSON: strategy, parts (an exception or thread by index, its type, and its stack: number
           of frames, indexes of those in the app, and of those skipped, by reason), and the
           fingerprint with its source where one decided.
    """

    primary: str
    secondary: str | None
    version: int
    explanation: dict[str, Any]


def group_event(
    event: dict[str, Any], rules: GroupingRules = NO_RULES, *, version: int = LATEST
) -> Grouping:
    """Group a canonical event.

    Raises: ValueError for a version that does not exist.
    """
    if version != LATEST:
        raise ValueError(f"there is no grouping version {version}")
    fingerprint, source = pick_fingerprint(event, rules.fingerprint_rules)
    if is_default(fingerprint):
        return _group_by_algorithm(event, rules)
    if not has_default(fingerprint):
        values = fill_in(fingerprint, event, "")
        explanation = {"strategy": "fingerprint", "fingerprint": values, **source}
        return Grouping(_hash("fingerprint", *values), None, version, explanation)
    return _refine(_group_by_algorithm(event, rules), fingerprint, source, event)


def _group_by_algorithm(event: dict[str, Any], rules: GroupingRules) -> Grouping:
    outcome = run_strategies(event, rules)
    primary = _hash(outcome.strategy, outcome.primary)
    secondary = None if outcome.every is None else _hash(outcome.strategy, outcome.every)
    explanation = {"strategy": outcome.strategy, "parts": outcome.parts}
    return Grouping(primary, secondary, LATEST, explanation)


def _refine(
    default: Grouping, fingerprint: list[str], source: dict[str, Any], event: dict[str, Any]
) -> Grouping:
    """Combine the algorithm's hashes with a fingerprint that names {{ default }}."""
    hashes = [
        None if part is None else _hash("fingerprint", *fill_in(fingerprint, event, part))
        for part in (default.primary, default.secondary)
    ]
    values = fill_in(fingerprint, event, "{{ default }}")
    explanation = {**default.explanation, "fingerprint": values, **source}
    return Grouping(str(hashes[0]), hashes[1], default.version, explanation)


def _hash(*parts: str) -> str:
    text = "\0".join((str(LATEST), *parts))
    return blake2b(text.encode(), digest_size=16).hexdigest()
