"""One run against a freshly started site, from an empty data folder to drained and settled."""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.measure import PeakMemory, cpu_seconds, folder_bytes, pss_mb
from tests.sdk.reading import Visitor
from tests.server import Site, start_site, wait_until

# Connections and how many of the run's events they send; the last one sends what is left.
FIRST_LOADS = ((1, 1_000), (8, 3_000))
LAST_CONNECTIONS = 32
WARM_PAGES = (
    "/admin/",
    "/admin/errors/issue/",
    "/admin/errors/event/",
    "/admin/projects/project/",
    "/admin/accounts/user/",
    "/projects/bench/issues/",
)
DRAIN_TIMEOUT_S = 300
# Housekeeping runs once a minute: what stays the same for longer has settled.
SETTLE_S = 65
STILL_CPU_SHARE = 0.05
STILL_BYTES = 500_000
SETTLE_TIMEOUT_S = 6 * SETTLE_S


@dataclass(frozen=True, slots=True)
class Load:
    """What the load generator reported of one load."""

    connections: int
    accepted_per_s: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class SiteRun:
    """The figures of one run."""

    loads: list[Load]
    drained_per_s: float
    cpu_s_per_1000: float
    idle_mb: float
    load_mb: float
    settled_mb: float
    bytes_per_event: float
    folder_bytes_per_event: float


def run_load(
    url: str, bodies: Path, *, first: int, count: int, connections: int, auth: str = ""
) -> Load:
    """Send some of the file's bodies from a process of its own.

    Raises: RuntimeError when anything but 200 was answered.
    """
    command = [
        sys.executable,
        "-m",
        "benchmarks.load",
        url,
        "--auth",
        auth,
        "--bodies",
        str(bodies),
    ]
    numbers = {"--first": first, "--count": count, "--connections": connections}
    for option, number in numbers.items():
        command += [option, str(number)]
    report: dict[str, Any] = json.loads(
        subprocess.run(command, check=True, capture_output=True).stdout
    )
    if report["statuses"] != {"200": count}:
        raise RuntimeError(f"{url} answered {report['statuses']} to {count} requests.")
    return Load(connections, report["per_second"], report["p50_ms"], report["p99_ms"])


def run_site(folder: Path, bodies: Path, count: int) -> SiteRun:
    """Start a site, warm it, load it, wait until it is drained and settled, and stop it."""
    site = start_site(folder / "data", settings={"LOG_LEVEL": "WARNING"})
    try:
        return _measure(site, bodies, count)
    finally:
        site.stop()


def _measure(site: Site, bodies: Path, count: int) -> SiteRun:
    pid = site.process.pid
    target = _Target(site, bodies)
    _warm(site)
    idle_mb = pss_mb(pid)
    empty_bytes = folder_bytes(site.data_dir)
    loads, sent = [], 0
    for connections, number in FIRST_LOADS:
        loads.append(target.send(first=sent, count=number, connections=connections))
        sent += number
        target.wait_until_drained(sent)
    with PeakMemory(pid) as memory:
        started, cpu_started = time.monotonic(), cpu_seconds(pid)
        loads.append(target.send(first=sent, count=count - sent, connections=LAST_CONNECTIONS))
        target.wait_until_drained(count)
        seconds, cpu_s = time.monotonic() - started, cpu_seconds(pid) - cpu_started
    _wait_until_settled(site)
    used = folder_bytes(site.data_dir)
    return SiteRun(
        loads=loads,
        drained_per_s=(count - sent) / seconds,
        cpu_s_per_1000=1000 * cpu_s / (count - sent),
        idle_mb=idle_mb,
        load_mb=memory.peak_mb,
        settled_mb=pss_mb(pid),
        bytes_per_event=(used - empty_bytes) / count,
        folder_bytes_per_event=used / count,
    )


class _Target:
    """The site's one project: where to send, and how many events have reached an issue."""

    def __init__(self, site: Site, bodies: Path) -> None:
        dsn = urlsplit(site.create_project("Bench"))
        self._url = f"{site.base_url}/api/{dsn.path.rpartition('/')[2]}/envelope/"
        self._auth = f"Sentry sentry_key={dsn.username}, sentry_version=7"
        self._bodies = bodies
        self._database = f"file:{site.data_dir / 'catchall.sqlite3'}?mode=ro"

    def send(self, *, first: int, count: int, connections: int) -> Load:
        """Send some of the file's bodies over this many connections."""
        return run_load(
            self._url,
            self._bodies,
            first=first,
            count=count,
            connections=connections,
            auth=self._auth,
        )

    def wait_until_drained(self, count: int) -> None:
        """Wait until this many events are in their issues."""
        with closing(sqlite3.connect(self._database, uri=True)) as database:
            query = "SELECT COALESCE(SUM(event_count), 0) FROM errors_issue"

            def drained() -> bool:
                return bool(database.execute(query).fetchone()[0] == count)

            wait_until(
                drained, f"{count} events in their issues", timeout_s=DRAIN_TIMEOUT_S, pause_s=0.02
            )


def _warm(site: Site) -> None:
    """Open the admin and the list, as somebody does who looks at an empty site."""
    visitor = Visitor(site)
    for path in WARM_PAGES:
        visitor.open(path)


def _wait_until_settled(site: Site) -> None:
    """Wait until the work in the background (dictionaries, space given back) is done."""
    looks = [(folder_bytes(site.data_dir), cpu_seconds(site.process.pid))]

    def is_still() -> bool:
        looks.append((folder_bytes(site.data_dir), cpu_seconds(site.process.pid)))
        (size, cpu_s), (size_now, cpu_s_now) = looks[-2:]
        # Schedules run on, and write a line or two when they do.
        is_quiet = cpu_s_now - cpu_s < STILL_CPU_SHARE * SETTLE_S
        return len(looks) > 2 and is_quiet and abs(size_now - size) < STILL_BYTES

    wait_until(is_still, "the background's end", timeout_s=SETTLE_TIMEOUT_S, pause_s=SETTLE_S)
