"""What writing a batch costs on PostgreSQL: python -m benchmarks.write [--batches N]

Needs DATABASE_URL of a server on this machine; makes and removes a database of its own. Prints
medians for a batch of 200 events of 40 KB in 100 issues: time, processor time of the writer and
of its session's backend, statements; beside it psql's COPY of the very same rows.
"""

# The settings must stand before anything of the site is imported.
# ruff: noqa: E402

import argparse
import cProfile
import os
import pstats
import re
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="catchall-write-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection
from django.utils import timezone

from benchmarks.bodies import make_body
from common.row_ids import LOW_BITS, row_id_at
from errors.services.learning import learn
from errors.services.policies import policy_of
from errors.services.record import forget_caches
from ingest.digest.prepare import PreparedMessage, prepare_message
from ingest.digest.write import write_batch
from ingest.inbox.base import Delivery, Message
from projects.models import Project, ProjectKey

BATCH = 200
WARM_BATCHES = 8
# Row ids of a quarter of an hour later.
AGAIN = 900_000 << LOW_BITS
COPIED = {"errors_seenevent": "row_id", "errors_event": "id", "errors_eventpayload": "event_id"}


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one batch, in milliseconds."""

    wall_ms: float
    writer_cpu_ms: float


def main() -> None:
    """Write batches, then copy their rows with psql, and print what each cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=20)
    parser.add_argument("--profile", action="store_true", help="where the writer's time goes")
    options = parser.parse_args()
    with scratch_database():
        key = make_project()
        for number in range(WARM_BATCHES):
            write_batch(make_batch(key, number), now=time.time())
            if number == WARM_BATCHES // 2:
                learn(now=timezone.now())
                forget_caches()
        batches = [make_batch(key, WARM_BATCHES + n) for n in range(options.batches)]
        if options.profile:
            profile(batches)
        else:
            report(batches)


@contextmanager
def scratch_database() -> Iterator[None]:
    """A migrated database beside that of DATABASE_URL, gone afterwards."""
    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def make_project(slug: str = "shop") -> ProjectKey:
    """A project that takes events."""
    project = Project.objects.create(name=slug, slug=slug, short_prefix=slug.upper())
    return ProjectKey.objects.create(project=project)


def make_batch(key: ProjectKey, number: int) -> list[PreparedMessage]:
    """The messages of one batch, prepared to be written; every number has other events."""
    return prepare(make_deliveries(key, range(number * BATCH, (number + 1) * BATCH)))


def make_deliveries(key: ProjectKey, serials: Iterable[int]) -> list[Delivery]:
    """What the inbox would hand out for these events, received today in their order."""
    # Apart from the ids of other projects, which no two events may share.
    midnight_ms = int(time.time()) // 86_400 * 86_400_000 + key.project_id * 5_000_000
    return [
        Delivery(
            row_id_at(midnight_ms + serial),
            Message(
                receipt=os.urandom(16),
                project_id=key.project_id,
                key_id=key.pk,
                kind="envelope",
                coding="gzip",
                event_id="",
                received_ms=midnight_ms + serial,
                client_ip="",
                body=make_body(serial),
            ),
            deliveries=1,
        )
        for serial in serials
    ]


def prepare(deliveries: Iterable[Delivery]) -> list[PreparedMessage]:
    """Open, normalise, scrub, group and compress, as the digest does."""
    found = []
    for delivery in deliveries:
        policy = policy_of(delivery.message.project_id)
        assert policy
        found.append(prepare_message(delivery, policy))
    return found


def report(batches: Sequence[list[PreparedMessage]]) -> None:
    """Write all batches, then copy their rows with psql, and print the costs of both."""
    pid = backend_pid()
    before = running_ms(pid)
    costs = [_timed(lambda batch=batch: write_batch(batch, now=time.time())) for batch in batches]  # type: ignore[misc]
    server_ms = (running_ms(pid) - before) / len(batches)
    writer_ms = statistics.median(cost.writer_cpu_ms for cost in costs)
    wall_ms = statistics.median(cost.wall_ms for cost in costs)
    statements = count_statements(with_other_ids(batches[-1]))
    copy_ms, copy_server_ms = copy_by_psql(batches)
    rows = [
        ("time of a batch (ms)", f"{wall_ms:.1f}", f"{copy_ms:.1f}"),
        ("times psql's", f"{wall_ms / copy_ms:.1f}", "1"),
        ("writer's processor time (µs an event)", per_event(writer_ms), ""),
        ("server's (µs an event)", per_event(server_ms), per_event(copy_server_ms)),
        ("both (µs an event)", per_event(writer_ms + server_ms), ""),
        ("statements beside COPY", str(statements.total()), ""),
    ]
    print(
        f"| {BATCH} events, medians of {len(batches)} | site | psql's COPY |\n| --- | --- | --- |"
    )
    print("\n".join(f"| {' | '.join(row)} |" for row in rows))
    print("\n" + "\n".join(f"{count} x {text}" for text, count in statements.most_common()))


def per_event(batch_ms: float) -> str:
    return f"{batch_ms / BATCH * 1000:.0f}"


def with_other_ids(batch: Sequence[PreparedMessage]) -> list[PreparedMessage]:
    """The same events as if they had happened again."""
    return [
        replace(
            one,
            delivery=replace(one.delivery, row_id=one.delivery.row_id + AGAIN),
            event=replace(
                one.event, row_id=one.event.row_id + AGAIN, event_id=os.urandom(16).hex()
            ),
        )
        for one in batch
        if one.event
    ]


def _timed(work: Callable[[], object]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)


def backend_pid() -> int:
    """The server's process of this session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def running_ms(pid: int) -> float:
    """Milliseconds that a process of one thread has run, exact to the nanosecond."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def count_statements(batch: Sequence[PreparedMessage]) -> Counter[str]:
    """Write one batch and count what it executes."""
    counted: Counter[str] = Counter()

    def count(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        times = len(values) if many else 1
        counted[" ".join(sql.split())[:90]] += times
        return execute(sql, values, many, context)

    with connection.execute_wrapper(count):
        write_batch(batch, now=time.time())
    return counted


def copy_by_psql(batches: Sequence[list[PreparedMessage]]) -> tuple[float, float]:
    """Copy the batches' rows again with psql; time and server's time of a batch in ms."""
    script = ["SELECT pg_backend_pid() AS pid \\gset", "\\setenv PID :pid", "\\timing on"]
    with tempfile.TemporaryDirectory() as folder:
        for number, batch in enumerate(batches):
            ids = [one.event.row_id for one in batch if one.event]
            script.append("BEGIN;")
            for table, key in COPIED.items():
                path = Path(folder, f"{table}-{number}")
                _take_out(table, key, ids, path)
                script.append(f"\\copy {table} FROM {path}")
            script.append("COMMIT;")
        script.append("\\! cat /proc/$PID/schedstat")
        output = _psql("\n".join(script))
    times = [float(text) for text in re.findall(r"Time: ([\d.]+) ms", output)]
    assert times
    server_ms = int(output.splitlines()[-1].split()[0]) / 1e6
    return sum(times) / len(batches), server_ms / len(batches)


def _take_out(table: str, key: str, ids: list[int], path: Path) -> None:
    with connection.cursor() as cursor, path.open("wb") as file:
        picked = f"SELECT * FROM {table} WHERE {key} BETWEEN {min(ids)} AND {max(ids)}"
        with cursor.copy(f"COPY ({picked}) TO STDOUT") as copy:
            for block in copy:
                file.write(block)
        cursor.execute(f"DELETE FROM {table} WHERE {key} BETWEEN {min(ids)} AND {max(ids)}")


def _psql(script: str) -> str:
    given = connection.settings_dict
    environment = {
        "PGHOST": given["HOST"],
        "PGPORT": str(given["PORT"]),
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        "PGDATABASE": given["NAME"],
        "PATH": os.environ["PATH"],
    }
    command = ["psql", "-X", "-v", "ON_ERROR_STOP=1"]
    done = subprocess.run(
        command, input=script, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def profile(batches: Sequence[list[PreparedMessage]]) -> None:
    """Print where the writer's time goes, the dearest functions first."""
    profiler = cProfile.Profile()
    with profiler:
        for batch in batches:
            write_batch(batch, now=time.time())
    pstats.Stats(profiler).sort_stats("tottime").print_stats(35)


if __name__ == "__main__":
    main()
