"""Time each pure step of the digest on realistic events: python -m benchmarks.pure

Medians in microseconds over many distinct events, beside orjson.loads of the same bytes.
"""

import gzip
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

import orjson

from benchmarks.events import make_event
from errors.grouping import group_event
from errors.normalize import normalize_event
from errors.summary import summarize_event
from errors.tags import derive_tags, user_hash

EVENTS = 300
ROUNDS = 5


def main() -> None:
    bodies = [orjson.dumps(make_event(serial % 100, serial)) for serial in range(EVENTS)]
    size = statistics.mean(map(len, bodies))
    packed = statistics.mean(len(gzip.compress(body)) for body in bodies)
    print(f"{size / 1000:.1f} kB an event, {packed / 1000:.1f} kB gzipped; medians of {EVENTS}")
    report("orjson.loads (yardstick)", orjson.loads, lambda: bodies)
    report("normalize", normalize, lambda: map(orjson.loads, bodies))
    events = [normalize(orjson.loads(body)) for body in bodies]
    report("group", group_event, lambda: events)
    report("summary, tags, user", summarize, lambda: events)


def report(name: str, step: Callable[[Any], object], inputs: Callable[[], Iterable[Any]]) -> None:
    """Print the median of a step over fresh inputs: some steps use theirs up."""
    took = []
    for _ in range(ROUNDS):
        for given in inputs():
            started = time.perf_counter_ns()
            step(given)
            took.append(time.perf_counter_ns() - started)
    print(f"{name:28}{statistics.median(took) / 1000:8.1f} µs")


def normalize(raw: Any) -> dict[str, Any]:
    now = time.time()
    return normalize_event(
        raw, event_id=raw["event_id"], received_at=now, sent_at=now, client_ip="203.0.113.9"
    ).event


def summarize(event: dict[str, Any]) -> object:
    return summarize_event(event), derive_tags(event), user_hash(1, event["user"])


if __name__ == "__main__":
    main()
