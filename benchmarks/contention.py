"""How long digesting processes wait for each other's locks: python -m benchmarks.contention

Needs DATABASE_URL of a PostgreSQL server; makes and removes a database of its own. Processes
prepare and write batches of 200 events of 40 KB at full speed, all to one issue, then to 100
issues in random order. Prints the share of their time that they waited for locks, sampled from
pg_stat_activity, and whether every event was counted once.
"""

# The settings must stand before anything of the site is imported.

import argparse
import multiprocessing
import os
import random
import time
from collections import Counter
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from benchmarks.events import ISSUES
from benchmarks.write import BATCH, make_deliveries, make_project, prepare, scratch_database
from errors.models import Event, Issue
from ingest.digest.write import write_batch
from projects.models import ProjectKey

SAMPLE_EVERY_S = 0.005
_STATES = """
    SELECT CASE WHEN wait_event_type = 'Lock' AND state = 'active' THEN 'waits for ' || wait_event
                WHEN state = 'idle' THEN 'prepares' ELSE 'writes' END
    FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'contention'
"""


@dataclass(frozen=True, slots=True)
class Contention:
    """samples: how often the sessions were seen in each state."""

    seconds: float
    samples: Counter[str]

    @property
    def waiting(self) -> float:
        """The share of the processes' time in which they waited for a lock."""
        waits = sum(n for state, n in self.samples.items() if state.startswith("waits"))
        return waits / max(1, self.samples.total())


def main() -> None:
    """Run both cases and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--batches", type=int, default=5)
    options = parser.parse_args()
    count = options.processes * options.batches * BATCH
    print(
        "| case | events/s | waited for locks | counted of sent | states |\n" + "| --- " * 5 + "|"
    )
    with scratch_database():
        for case in ("one issue", "100 issues"):
            key = make_project(case.replace(" ", "-"))
            found = contend(key, case == "one issue", options.processes, options.batches)
            counted = Issue.objects.filter(project=key.project_id).aggregate(Sum("event_count"))
            stored = Event.objects.filter(project=key.project_id).count()
            print(
                f"| {case} | {count / found.seconds:.0f} | {found.waiting:.1%} |"
                f" {counted['event_count__sum']}, {stored} of {count} | {dict(found.samples)} |"
            )


def contend(key: ProjectKey, to_one_issue: bool, processes: int, batches: int) -> Contention:
    """Let the processes write, and look at their sessions meanwhile. Raises when one failed."""
    os.environ["DATABASE_URL"] = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(
        **connection.settings_dict
    )
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(processes + 1)
    workers = [
        spawn.Process(target=work, args=(key.pk, number, batches, to_one_issue, ready))
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    ready.wait()
    started, samples = time.perf_counter(), Counter[str]()
    with connection.cursor() as cursor:
        while any(worker.is_alive() for worker in workers):
            cursor.execute(_STATES)
            samples.update(state for (state,) in cursor.fetchall())
            time.sleep(SAMPLE_EVERY_S)
    seconds = time.perf_counter() - started
    if any(worker.exitcode for worker in workers):
        raise SystemExit("A process failed: its traceback is above.")
    return Contention(seconds, samples)


def work(key_id: int, number: int, batches: int, to_one_issue: bool, ready: Barrier) -> None:
    """One digesting process."""
    settings.DATABASES["default"]["OPTIONS"]["application_name"] = "contention"
    key = ProjectKey.objects.get(pk=key_id)
    first = number * batches * BATCH
    serials = list(range(first, first + batches * BATCH))
    random.Random(number).shuffle(serials)
    if to_one_issue:
        serials = [serial * ISSUES for serial in serials]
    deliveries = make_deliveries(key, serials)
    ready.wait()
    for start in range(0, len(deliveries), BATCH):
        write_batch(prepare(deliveries[start : start + BATCH]), now=time.time())


if __name__ == "__main__":
    main()
