"""The way through a value that holds secrets: what is judged by key, by text, or left alone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from errors.scrub.judge import Judge
from errors.scrub.spans import FILTERED

# Deeper than any SDK nests: what lies below is not looked at but filtered.
MAX_DEPTH = 100
MIN_CARD, MAX_CARD = 10**12, 10**19
EMPTY: tuple[object, ...] = (None, "", [], {})
# Ids of the protocol are never card numbers, whatever their checksum says.
PROTOCOL_IDS = frozenset(
    ("event_id", "trace_id", "span_id", "parent_span_id", "replay_id", "profile_id")
)
PROTOCOL_ID = re.compile(r"[0-9a-fA-F-]{16,36}")
FRAME_NAMES = frozenset(
    ("function", "raw_function", "module", "filename", "abs_path", "package", "platform")
)
EXCEPTION_NAMES = frozenset(("type", "module", "thread_id", "stacktrace", "raw_stacktrace"))
THREAD_NAMES = frozenset(("id", "stacktrace", "raw_stacktrace"))
CRUMB_NAMES = frozenset(("timestamp", "type", "level"))
UNSCANNED = frozenset(("modules", "debug_meta", "sdk"))
# What the event's own walk leaves alone, or to a walk of its own.
UNSCRUBBED = frozenset(
    (
        *("event_id", "timestamp", "received", "platform", "level", "release", "dist"),
        *("environment", "sdk", "modules", "debug_meta"),
        *("exception", "threads", "breadcrumbs", "request", "contexts", "fingerprint"),
    )
)


def scrub_json(value: Any, judge: Judge, depth: int = MAX_DEPTH) -> Any:
    """Return any JSON value without secrets."""
    if isinstance(value, str):
        return judge.filter_text(value)
    if isinstance(value, dict):
        if depth == 0:
            return FILTERED
        return {key: _scrub_item(key, item, judge, depth) for key, item in value.items()}
    if isinstance(value, list):
        return _scrub_items(value, judge, depth)
    if isinstance(value, int) and MIN_CARD <= value < MAX_CARD:
        return FILTERED if judge.filter_text(str(value)) == FILTERED else value
    return value


def filter_pairs(event: dict[str, Any], judge: Judge) -> None:
    """Filter by name what an event holds in pairs, where one pass over JSON sees no keys."""
    request = event.get("request", {})
    for pairs in (event.get("tags"), request.get("headers"), request.get("query_string")):
        _filter_named(pairs or [], judge.is_sensitive)
    _filter_named(request.get("cookies", []), judge.is_sensitive_cookie)


def scrub_parts(event: dict[str, Any], judge: Judge) -> None:
    """Scrub a canonical event in place; only its parts that hold secrets are walked."""
    for name, context in event.get("contexts", {}).items():
        if judge.is_sensitive(name):
            context.update(dict.fromkeys(context, FILTERED))
    if "fingerprint" in event:
        # Two parts side by side are no pair.
        event["fingerprint"] = [judge.filter_text(part) for part in event["fingerprint"]]
    parts = list(_iterate_parts(event))
    for index in judge.find_parts([orjson.dumps(searched) for _, searched, _ in parts]):
        part, searched, left_alone = parts[index]
        rest = _without(searched, left_alone)
        part.update({key: scrub_json(value, judge) for key, value in rest.items()})


def _iterate_parts(
    event: dict[str, Any],
) -> Iterator[tuple[dict[str, Any], dict[str, Any], frozenset[str]]]:
    """Yield the parts of known shape, what of each is searched, and what even then is left alone.

    Their own keys say nothing of secrets.
    """
    for holder, left_alone in (("exception", EXCEPTION_NAMES), ("threads", THREAD_NAMES)):
        for item in event.get(holder, {}).get("values", ()):
            yield item, _without(item, left_alone), left_alone
            for key in ("stacktrace", "raw_stacktrace"):
                for frame in item.get(key, {}).get("frames", ()):
                    yield frame, frame, FRAME_NAMES
    for crumb in event.get("breadcrumbs", {}).get("values", ()):
        yield crumb, crumb, CRUMB_NAMES
    for part in (event.get("request", {}), event.get("contexts", {})):
        yield part, part, frozenset()
    yield event, _without(event, UNSCRUBBED), UNSCRUBBED


def _without(part: dict[str, Any], left_alone: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key not in left_alone}


def _filter_named(pairs: list[list[str]], is_sensitive: Callable[[str], bool]) -> None:
    for pair in pairs:
        if is_sensitive(pair[0]) and pair[1]:
            pair[1] = FILTERED


def _scrub_items(items: list[Any], judge: Judge, depth: int) -> Any:
    if depth == 0:
        return FILTERED
    if len(items) == 2 and judge.is_sensitive_pair(*items):
        return [items[0], FILTERED]
    return [scrub_json(item, judge, depth - 1) for item in items]


def _scrub_item(key: str, value: Any, judge: Judge, depth: int) -> Any:
    if key in PROTOCOL_IDS and isinstance(value, str) and PROTOCOL_ID.fullmatch(value):
        return value
    # Booleans and what is empty hold no secret, and say that one was there or not.
    if judge.is_sensitive(key) and not (isinstance(value, bool) or value in EMPTY):
        return FILTERED
    return scrub_json(value, judge, depth - 1)
