"""One run against the production site: proxy, ingest, web, worker, beat, PostgreSQL and Redis.

All on one host, started as `make run-production` does, with durable servers of its own and
somebody looking at a live page.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.copy_yardstick import CopySpeed, measure_copy
from benchmarks.groups import cpu_by_group, difference, main_pids, memory_by_group
from benchmarks.live_listener import LiveListener
from benchmarks.processor import parsing_us
from benchmarks.redis_yardstick import load_redis_view
from benchmarks.sending import Load, Target
from benchmarks.site_run import FIRST_LOADS, LAST_CONNECTIONS, warm
from tests.production import Stack, start_stack

# Of all events: sent at even times, and sent while nobody digests.
OPEN_SHARE = 0.15
BACKLOG_SHARE = 0.25
OPEN_LOOP_SHARE_OF_PEAK = 0.6
OPEN_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class ProductionRun:
    """The figures of one run; seconds and MB by service."""

    loads: list[Load]
    drained_per_s: float
    cpu_s_per_1000: dict[str, float]
    memory_mb: dict[str, float]
    open_loop: Load
    stopped_load: Load
    backlog_per_s: float
    live_messages: int
    redis_view: Load
    redis_view_cpu_s_per_1000: float
    copy: CopySpeed
    bytes_per_event: float
    parsing_us: float


def run_production(bodies: Path, count: int) -> ProductionRun:
    """Start everything, load it in turn as the figures say, and stop it."""
    with start_stack({"LOG_LEVEL": "WARNING"}) as stack, counting(stack) as count_events:
        target = Target(stack, bodies, count_events)
        # Who looks at no project yet hears of none.
        with LiveListener(stack) as listener:
            return _measure(stack, target, bodies, count, listener)


def _measure(
    stack: Stack, target: Target, bodies: Path, count: int, listener: LiveListener
) -> ProductionRun:
    warm(stack)
    empty_bytes = _database_bytes(stack)
    loads = []
    for connections, number in FIRST_LOADS:
        loads.append(target.send(min(number, count // 10), connections=connections))
        target.wait_until_drained()
    open_count, backlog = int(count * OPEN_SHARE), int(count * BACKLOG_SHARE)
    number = count - target.sent - open_count - backlog
    load, drained_per_s, cpu_s = drain(stack, target, number)
    memory_mb = memory_by_group(main_pids(stack))
    rate = OPEN_LOOP_SHARE_OF_PEAK * drained_per_s
    open_loop = target.send(open_count, connections=OPEN_CONNECTIONS, rate=rate)
    target.wait_until_drained()
    with stack.paused("worker"):
        stopped_load = target.send(backlog, connections=LAST_CONNECTIONS)
    started = time.monotonic()
    target.wait_until_drained()
    backlog_per_s = backlog / (time.monotonic() - started)
    redis_view, redis_view_cpu_s = load_redis_view(stack.redis, bodies, count // 4)
    return ProductionRun(
        loads=[*loads, load],
        drained_per_s=drained_per_s,
        cpu_s_per_1000=cpu_s,
        memory_mb=memory_mb,
        open_loop=open_loop,
        stopped_load=stopped_load,
        backlog_per_s=backlog_per_s,
        live_messages=listener.messages,
        redis_view=redis_view,
        redis_view_cpu_s_per_1000=redis_view_cpu_s,
        copy=measure_copy(stack.postgres),
        bytes_per_event=(_database_bytes(stack) - empty_bytes) / count,
        parsing_us=parsing_us(),
    )


def drain(stack: Stack, target: Target, count: int) -> tuple[Load, float, dict[str, float]]:
    """Send as fast as is answered; the load, events drained/s, CPU seconds per 1,000 by service."""
    pids = main_pids(stack)
    started, before = time.monotonic(), cpu_by_group(pids)
    load = target.send(count, connections=LAST_CONNECTIONS)
    target.wait_until_drained()
    seconds = time.monotonic() - started
    spent = difference(cpu_by_group(pids), before)
    return load, count / seconds, {name: 1000 * cpu_s / count for name, cpu_s in spent.items()}


@contextmanager
def counting(stack: Stack) -> Iterator[Callable[[], int]]:
    """How many of the benchmark's events are in their issues, asked on one connection.

    A new one for each look costs the server 5 ms, more than what is measured.
    """
    query = (
        "SELECT COALESCE(SUM(event_count), 0) FROM errors_issue"
        " WHERE project_id = (SELECT id FROM projects_project WHERE slug = 'bench')"
    )
    with psycopg.connect(stack.postgres.url(), autocommit=True) as connection:

        def count() -> int:
            row = connection.execute(query).fetchone()
            assert row
            return int(row[0])

        yield count


def _database_bytes(stack: Stack) -> int:
    ((number,),) = stack.postgres.query("SELECT pg_database_size(current_database())")
    return int(str(number))
