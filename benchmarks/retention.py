"""What retention costs ingestion: python -m benchmarks.retention [--events 1000000]

Fills a database (SQLite in a temporary folder, or DATABASE_URL, which must be empty) with narrow
events of 20 days, then writes batches as the digest does, in turns with and without retention
beside it in the same process. Says the ratio of the rates, the steps' length, and what a run
costs that finds nothing.
"""

# The settings must stand before anything of the site is imported.
# ruff: noqa: E402

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="catchall-retention-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command
from django.db import connection

from benchmarks.measure import cpu_seconds
from common.row_ids import row_id_at
from errors.cutoffs import first_row_id
from errors.models import Event, GroupingKey
from errors.partitions import ensure_partitions
from errors.services import pace, retention
from errors.services.pace import Pace
from errors.services.prepare import PreparedEvent
from errors.tests.prepared import make_prepared, store_events
from projects.models import Project

DAYS, KEPT_DAYS = 20, 5
ISSUES = 100
BATCH = 200
TURN_S = 1.0
TURNS = 20
PAYLOAD_BYTES = 300


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    events = parser.parse_args().events
    call_command("migrate", verbosity=0)
    project = Project.objects.create(
        name="Bench", slug="bench", short_prefix="BENCH", retention_days=DAYS + 10
    )
    # Keeps longer, so that PostgreSQL drops no partitions but deletes row by row, the dear way.
    Project.objects.create(name="Other", slug="other", short_prefix="OTHER", retention_days=90)
    store_events(batch_of(project), now=time.time())
    began = time.perf_counter()
    fill(project, events)
    print(f"{connection.vendor}: {events:,} events in {time.perf_counter() - began:.0f} s")
    measure_idle()
    Project.objects.filter(pk=project.pk).update(retention_days=KEPT_DAYS)
    measure_beside(project)


def fill(project: Project, events: int) -> None:
    """Spread the events evenly over the days before now, with payloads of zeros."""
    now = datetime.now(UTC)
    start = first_row_id(now - timedelta(days=DAYS))
    step = (first_row_id(now) - start) // events
    ensure_partitions(range(start, start + events * step, max(1, events // DAYS // 4) * step))
    keys = list(GroupingKey.objects.values_list("pk", flat=True))
    if connection.vendor == "postgresql":
        numbers = f"SELECT i FROM generate_series(0::bigint, {events - 1}) AS i"
        event_id, payload = "gen_random_uuid()", f"decode(repeat('00', {PAYLOAD_BYTES}), 'hex')"
    else:
        numbers = (
            "WITH RECURSIVE n(i) AS "
            f"(SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {events - 1}) SELECT i FROM n"
        )
        event_id, payload = "randomblob(16)", f"zeroblob({PAYLOAD_BYTES})"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO errors_event (id, project_id, grouping_key_id, event_id, occurred_at, "
            f"level) SELECT {start} + i * {step}, {project.pk}, {min(keys)} + mod(i, {len(keys)}), "
            f"{event_id}, %s, 40 FROM ({numbers}) AS numbers",
            [now],
        )
        cursor.execute(
            "INSERT INTO errors_eventpayload (event_id, content) "
            f"SELECT {start} + i * {step}, {payload} FROM ({numbers}) AS numbers"
        )
        cursor.execute("ANALYZE")


def measure_idle() -> None:
    """A whole run that finds nothing, without rests."""
    began = time.process_time(), time.perf_counter()
    report = retention.enforce_retention(now=datetime.now(UTC), pace=Pace(share=1.0))
    cpu, took = time.process_time() - began[0], time.perf_counter() - began[1]
    print(f"a run that finds nothing: {cpu:.3f} CPU s in this process, {took:.3f} s")
    assert report.event_total == 0 and report.is_complete


def measure_beside(project: Project) -> None:
    """Rates in turns, alone and beside retention: what else the machine does hits both."""
    alone, beside = [], []
    gated = GatedPace()
    thread = threading.Thread(target=run_beside, args=(gated,))
    thread.start()
    before = stored_due()
    for _ in range(TURNS):
        alone.append(write_for(project, TURN_S))
        with gated.open():
            beside.append(write_for(project, TURN_S))
    removed = before - stored_due()
    pace.stopping.set()
    thread.join()
    ratios = [one / other for one, other in zip(beside, alone, strict=True)]
    print(f"alone, median:  {statistics.median(alone):,.0f} events/s")
    print(f"beside, median: {statistics.median(beside):,.0f} events/s")
    quarters = statistics.quantiles(ratios, n=4)
    print(f"ratio of a turn to the one before it: {' '.join(f'{each:.3f}' for each in quarters)}")
    print(f"removed meanwhile: {removed / gated.opened_s:,.0f} events/s")
    share = gated.cpu_s / gated.opened_s
    print(f"retention's processor time, its database process included: {share:.1%} of a core")


def stored_due() -> int:
    """How many events are due or nearly so."""
    before = first_row_id(datetime.now(UTC) - timedelta(days=KEPT_DAYS - 1))
    return Event.objects.filter(pk__lt=before).count()


class GatedPace(Pace):
    """The usual pace, which works only while somebody holds the gate open."""

    def __init__(self) -> None:
        super().__init__()
        self._gate = threading.Event()
        self.opened_s = self.cpu_s = 0.0

    @contextmanager
    def open(self) -> Iterator[None]:
        began = time.perf_counter()
        self._gate.set()
        yield
        self._gate.clear()
        self.opened_s += time.perf_counter() - began

    def rest(self) -> None:
        super().rest()
        while not self._gate.wait(0.1) and not pace.stopping.is_set():
            pass
        self._resumed = time.monotonic()


def run_beside(gated: GatedPace) -> None:
    """Retention in a thread of its own, as in the embedded process."""
    server = server_cpu_s()
    try:
        report = retention.enforce_retention(now=datetime.now(UTC), pace=gated)
        assert not report.is_complete, "too few events to remove: the ratio is of less"
        gated.cpu_s = time.thread_time() + server_cpu_s() - server
    finally:
        connection.close()


def server_cpu_s() -> float:
    """Processor time of this connection's PostgreSQL process, where that runs on this machine."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cpu_seconds(cursor.fetchone()[0])


def write_for(project: Project, seconds: float) -> float:
    """Events written a second, in batches of which the making is not counted."""
    written, spent = 0, 0.0
    while spent < seconds:
        batch = batch_of(project)
        began = time.perf_counter()
        written += len(store_events(batch, now=time.time()))
        spent += time.perf_counter() - began
    return written / spent


def batch_of(project: Project) -> list[PreparedEvent]:
    """A batch over all issues, received now."""
    global _last
    now = time.time()
    first = max(_last + 1, row_id_at(int(now * 1000)))
    _last = first + BATCH
    return [
        replace(make_prepared(project, f"g{n % ISSUES}", at=now), row_id=first + n)
        for n in range(BATCH)
    ]


_last = 0


if __name__ == "__main__":
    main()
