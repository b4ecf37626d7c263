"""One run against a freshly started site, from an empty data folder to drained and settled."""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import PeakMemory, cpu_seconds, folder_bytes, pss_mb
from benchmarks.processor import parsing_us
from benchmarks.sending import Load, Target
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
# Housekeeping runs once a minute: what stays the same for longer has settled.
SETTLE_S = 65
STILL_CPU_SHARE = 0.05
STILL_BYTES = 500_000
SETTLE_TIMEOUT_S = 6 * SETTLE_S


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
    parsing_us: float


def run_site(folder: Path, bodies: Path, count: int) -> SiteRun:
    """Start a site, warm it, load it, wait until it is drained and settled, and stop it."""
    site = start_site(folder / "data", settings={"LOG_LEVEL": "WARNING"})
    try:
        return _measure(site, bodies, count)
    finally:
        site.stop()


def _measure(site: Site, bodies: Path, count: int) -> SiteRun:
    pid = site.process.pid
    target = Target(site, bodies, lambda: _count_events(site))
    warm(site)
    idle_mb = pss_mb(pid)
    empty_bytes = folder_bytes(site.data_dir)
    loads = []
    for connections, number in FIRST_LOADS:
        loads.append(target.send(number, connections=connections))
        target.wait_until_drained()
    last = count - target.sent
    with PeakMemory(pid) as memory:
        started, cpu_started = time.monotonic(), cpu_seconds(pid)
        loads.append(target.send(last, connections=LAST_CONNECTIONS))
        target.wait_until_drained()
        seconds, cpu_s = time.monotonic() - started, cpu_seconds(pid) - cpu_started
    _wait_until_settled(site)
    used = folder_bytes(site.data_dir)
    return SiteRun(
        loads=loads,
        drained_per_s=last / seconds,
        cpu_s_per_1000=1000 * cpu_s / last,
        idle_mb=idle_mb,
        load_mb=memory.peak_mb,
        settled_mb=pss_mb(pid),
        bytes_per_event=(used - empty_bytes) / count,
        folder_bytes_per_event=used / count,
        parsing_us=parsing_us(),
    )


def _count_events(site: Site) -> int:
    """How many events are in their issues."""
    path = f"file:{site.data_dir / 'catchall.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(path, uri=True)) as database:
        query = "SELECT COALESCE(SUM(event_count), 0) FROM errors_issue"
        return int(database.execute(query).fetchone()[0])


def warm(site: Site) -> None:
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
