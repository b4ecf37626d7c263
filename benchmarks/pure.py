"""Time each pure step of the digest on realistic events: python -m benchmarks.pure

Medians in microseconds over many distinct events, each taken through all steps as the digest does,
beside orjson.loads of the same bytes as the yardstick.
"""

import gzip
import statistics
import time
from collections.abc import Callable
from typing import Any

import orjson

from benchmarks.events import make_event
from errors.grouping import group_event
from errors.normalize import normalize_event
from errors.normalize.parse import ParsedEvent, parse_event
from errors.scrub import DEFAULT_POLICY, scrub_event
from errors.summary import summarize_event
from errors.tags import derive_tags, user_hash

EVENTS = 300
ROUNDS = 7


def main() -> None:
    """Print the median of each step in microseconds."""
    bodies = [orjson.dumps(make_event(serial % 100, serial)) for serial in range(EVENTS)]
    size = statistics.mean(map(len, bodies))
    packed = statistics.mean(len(gzip.compress(body)) for body in bodies)
    print(f"{size / 1000:.1f} kB an event, {packed / 1000:.1f} kB gzipped; medians of {EVENTS}")
    took: dict[str, list[int]] = {name: [] for name in STEPS}
    for _ in range(ROUNDS):
        for body in bodies:
            time_steps(body, took)
    for name, times in took.items():
        print(f"{name:32}{statistics.median(times) / 1000:8.1f} µs")


def time_steps(body: bytes, took: dict[str, list[int]]) -> None:
    """Take one body through the steps; each gets what the one before returned."""
    value: Any = body
    for name, step in STEPS.items():
        started = time.perf_counter_ns()
        value = step(value, body)
        took[name].append(time.perf_counter_ns() - started)


def normalize(parsed: ParsedEvent, body: bytes) -> dict[str, Any]:
    """To the canonical event, as the digest calls it."""
    now = time.time()
    return normalize_event(
        parsed.raw,
        event_id="a" * 32,
        received_at=now,
        sent_at=now,
        client_ip="203.0.113.9",
        raw_text=parsed.text,
        is_checked=parsed.is_checked,
    ).event


def scrub(event: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Without the text that the event was parsed from."""
    return scrub_event(event, DEFAULT_POLICY)


def scrub_with_text(event: dict[str, Any], body: bytes) -> dict[str, Any]:
    """With the text, as the digest calls it."""
    return scrub_event(event, DEFAULT_POLICY, raw_text=body)


def group(event: dict[str, Any], body: bytes) -> dict[str, Any]:
    """To the grouping keys; the event goes on as it is."""
    group_event(event)
    return event


def summarize(event: dict[str, Any], body: bytes) -> dict[str, Any]:
    """To the summary and the tags; the event goes on as it is."""
    summarize_event(event)
    derive_tags(event)
    user_hash(1, event["user"])
    return event


STEPS: dict[str, Callable[[Any, bytes], Any]] = {
    "orjson.loads (yardstick)": lambda value, body: orjson.loads(body),
    "parse": lambda value, body: parse_event(body),
    "normalize": normalize,
    "scrub": scrub,
    "scrub, with the raw text": scrub_with_text,
    "group": group,
    "summary, tags, user": summarize,
    "orjson.dumps (yardstick)": lambda value, body: orjson.dumps(value),
}

if __name__ == "__main__":
    main()
