"""The way through a value that holds secrets: what is judged by key, by text, or left alone."""

import re
from collections.abc import Callable
from typing import Any

import orjson

from errors.scrub.judge import FILTERED, Judge

# Deeper than any SDK nests: what lies below is not looked at but filtered.
MAX_DEPTH = 100
MIN_CARD, MAX_CARD = 10**12, 10**19
EMPTY: tuple[object, ...] = (None, "", [], {})
# Ids of the protocol are never card numbers, whatever their checksum says.
PROTOCOL_IDS = frozenset(
    ("event_id", "trace_id", "span_id", "parent_span_id", "replay_id", "profile_id")
)
PROTOCOL_ID = re.compile(r"[0-9a-fA-F-]{16,36}")
NO_NAMES: frozenset[str] = frozenset()
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
        *("exception", "threads", "breadcrumbs", "request", "contexts"),
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
        return [scrub_json(item, judge, depth - 1) for item in value] if depth else FILTERED
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
    """Scrub a canonical event in place, part by part; only parts that hold secrets are walked."""
    for exception in event.get("exception", {}).get("values", ()):
        _scrub_part(exception, EXCEPTION_NAMES, judge)
        _scrub_frames(exception, judge)
    for thread in event.get("threads", {}).get("values", ()):
        _scrub_part(thread, THREAD_NAMES, judge)
        _scrub_frames(thread, judge)
    _scrub_list(event.get("breadcrumbs", {}).get("values", []), CRUMB_NAMES, judge)
    _scrub_part(event.get("request", {}), NO_NAMES, judge)
    _scrub_contexts(event.get("contexts", {}), judge)
    _scrub_part(event, UNSCRUBBED, judge)


def _scrub_frames(holder: dict[str, Any], judge: Judge) -> None:
    for key in ("stacktrace", "raw_stacktrace"):
        _scrub_list(holder.get(key, {}).get("frames", []), FRAME_NAMES, judge)


def _scrub_list(parts: list[dict[str, Any]], left_alone: frozenset[str], judge: Judge) -> None:
    if judge.has_secrets(orjson.dumps(parts)):
        for part in parts:
            _scrub_part(part, left_alone, judge)


def _scrub_part(part: dict[str, Any], left_alone: frozenset[str], judge: Judge) -> None:
    """Scrub what stands in a part of known shape, whose own keys say nothing of secrets."""
    rest = {key: value for key, value in part.items() if key not in left_alone}
    if rest and judge.has_secrets(orjson.dumps(rest)):
        part.update({key: scrub_json(value, judge) for key, value in rest.items()})


def _scrub_contexts(contexts: dict[str, Any], judge: Judge) -> None:
    """Scrub each context; one with a sensitive name keeps its shape and loses all values."""
    for name, context in contexts.items():
        if judge.is_sensitive(name):
            contexts[name] = dict.fromkeys(context, FILTERED)
        else:
            contexts[name] = scrub_json(context, judge)


def _filter_named(pairs: list[list[str]], is_sensitive: Callable[[str], bool]) -> None:
    for pair in pairs:
        if is_sensitive(pair[0]) and pair[1]:
            pair[1] = FILTERED


def _scrub_item(key: str, value: Any, judge: Judge, depth: int) -> Any:
    if key in PROTOCOL_IDS and isinstance(value, str) and PROTOCOL_ID.fullmatch(value):
        return value
    # Booleans and what is empty hold no secret, and say that one was there or not.
    if judge.is_sensitive(key) and not (isinstance(value, bool) or value in EMPTY):
        return FILTERED
    return scrub_json(value, judge, depth - 1)
