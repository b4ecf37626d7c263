"""How fast this processor is: the yardstick that the aims for CPU time were set with."""

import statistics
import time

import orjson

from benchmarks.events import make_event

# orjson.loads of such an event on the machine that the aims are for, in microseconds.
REFERENCE_US = 48.0
# Rows of the tables.
PARSING = f"yardstick: orjson.loads of one event (µs; {REFERENCE_US:.0f} where the aims were set)"
SCALED = "CPU seconds per 1,000 events by that yardstick"
EVENTS = 100
ROUNDS = 5


def parsing_us() -> float:
    """The median of orjson.loads over many distinct events of 40 KB, in microseconds."""
    bodies = [orjson.dumps(make_event(serial, serial)) for serial in range(EVENTS)]
    return statistics.median(_time_us(body) for _ in range(ROUNDS) for body in bodies)


def _time_us(body: bytes) -> float:
    started = time.perf_counter_ns()
    orjson.loads(body)
    return (time.perf_counter_ns() - started) / 1000
