"""How fast, how lean and how small the site is: `make bench`.

    python -m benchmarks [--way embedded|production] [--events N] [--runs N]

Starts each server fresh, prints one Markdown table for each way of running (medians over the
runs) and keeps the figures of every run in benchmarks/results/.
"""

import argparse
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from benchmarks.bodies import bodies_file
from benchmarks.production_report import production_table
from benchmarks.production_run import run_production
from benchmarks.report import report
from benchmarks.results import save_result
from benchmarks.sending import Load, run_load
from benchmarks.site_run import FIRST_LOADS, LAST_CONNECTIONS, run_site
from tests.server import ROOT, free_port, wait_until

CONNECTIONS = (*(connections for connections, _ in FIRST_LOADS), LAST_CONNECTIONS)
COMPARED_REQUESTS = 2_000


def main() -> None:
    """Measure the ways that were asked for, keep the figures and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", choices=("embedded", "production", "both"), default="both")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    say(f"Making {options.events} events (kept for the next time)")
    bodies = bodies_file(options.events)
    if options.way != "production":
        print(_measure_embedded(bodies, options.events, options.runs))
    if options.way != "embedded":
        print(_measure_production(bodies, options.events, options.runs))


def _measure_embedded(bodies: Path, events: int, count: int) -> str:
    say("Loading a server that only answers")
    null = _load_server("benchmarks.null_server", bodies)
    say("Loading a bare Django view")
    django = _load_server("benchmarks.yardstick", bodies)
    runs = []
    for number in range(count):
        say(f"Run {number + 1} of {count} against the site in one process")
        with tempfile.TemporaryDirectory(prefix="catchall-bench-") as folder:
            runs.append(run_site(Path(folder), bodies, events))
    table = report(runs, null=null, django=django, events=events)
    save_result("embedded", {"table": table, "runs": [asdict(run) for run in runs]})
    return table


def _measure_production(bodies: Path, events: int, count: int) -> str:
    runs = []
    for number in range(count):
        say(f"Run {number + 1} of {count} against the site in production")
        runs.append(asdict(run_production(bodies, events)))
        save_result("production", {"events": events, "runs": runs})
    return production_table(runs)


def _load_server(module: str, bodies: Path) -> list[Load]:
    """Load a server of one module with each number of connections."""
    with _started(module) as url:
        return [
            run_load(url, bodies, first=0, count=COMPARED_REQUESTS, connections=connections)
            for connections in CONNECTIONS
        ]


@contextmanager
def _started(module: str) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", module, str(port)], cwd=ROOT)
    try:
        wait_until(lambda: _listens(port), f"{module} to listen")
        yield f"http://127.0.0.1:{port}/api/1/envelope/"
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def say(text: str) -> None:
    """Tell on standard error how far it is; standard output is the table's."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
