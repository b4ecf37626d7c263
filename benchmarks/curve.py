"""Whether an event costs the same however many are stored.

    python -m benchmarks.curve [--sizes 10000 100000 1000000 10000000] [--events N]
                               [--filled PORT DATABASE]

Fills a site of the production kind to each size in turn, then drains events into it. The largest
one may have been filled before, by `manage.py fill_site`, on a server of this host.
"""

import argparse
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.bodies import bodies_file
from benchmarks.production_run import counting, drain
from benchmarks.results import save_result
from benchmarks.sending import Target
from tests.production import Stack, launch, start_stack
from tests.server import ROOT
from tests.servers import OwnPostgres, own_redis

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
EVENTS_AN_ISSUE = 100
# Sent before the clock runs: patterns for the payloads are learnt, caches are filled.
WARM_SHARE = 0.4
CONNECTIONS = 32
SETTINGS = {"LOG_LEVEL": "WARNING"}


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What draining cost with so many events stored; CPU seconds per 1,000 by service."""

    stored: int
    drained_per_s: float
    cpu_s_per_1000: dict[str, float]


def run_fresh(size: int, bodies: Path, count: int) -> CurvePoint:
    """A point on a site of its own, filled for it."""
    with start_stack(SETTINGS) as stack:
        fill(stack, size)
        return _measure(stack, bodies, count)


def run_filled(server: OwnPostgres, bodies: Path, count: int) -> CurvePoint:
    """A point on a database that is full already."""
    with own_redis() as redis, tempfile.TemporaryDirectory(prefix="catchall-curve-") as folder:
        stack = launch(Path(folder) / "data", server, redis, settings=SETTINGS)
        try:
            return _measure(stack, bodies, count)
        finally:
            stack.stop()


def _measure(stack: Stack, bodies: Path, count: int) -> CurvePoint:
    ((stored,),) = stack.postgres.query("SELECT count(*) FROM errors_event")
    with counting(stack) as count_events:
        target = Target(stack, bodies, count_events)
        warm = int(count * WARM_SHARE)
        target.send(warm, connections=CONNECTIONS)
        target.wait_until_drained()
        _, drained_per_s, cpu_s = drain(stack, target, count - warm)
    return CurvePoint(int(str(stored)), drained_per_s, cpu_s)


def fill(stack: Stack, events: int) -> None:
    """Make the site as large as that, and let the planner know."""
    command = [sys.executable, "manage.py", "fill_site", "--events", str(events)]
    command += ["--issues", str(events // EVENTS_AN_ISSUE)]
    subprocess.run(command, cwd=ROOT, env=stack.environment, check=True)
    stack.postgres.query("VACUUM ANALYZE")
    stack.postgres.query("CHECKPOINT")


def main() -> None:
    """Measure all sizes and keep the points."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--events", type=int, default=6_000)
    parser.add_argument("--filled", nargs=2, metavar=("PORT", "DATABASE"))
    options = parser.parse_args()
    bodies, points = bodies_file(options.events), []
    for size in sorted(options.sizes):
        points.append(run_fresh(size, bodies, options.events))
        save_result("curve", [asdict(point) for point in points])
    if options.filled:
        port, database = options.filled
        server = OwnPostgres(Path(), int(port), database)
        points.append(run_filled(server, bodies, options.events))
        save_result("curve", [asdict(point) for point in points])


if __name__ == "__main__":
    main()
