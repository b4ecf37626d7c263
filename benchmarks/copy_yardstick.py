"""COPY of the same rows by psql: the least that storing events in these tables costs."""

import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import cpu_seconds_of, with_children
from tests.servers import OwnPostgres

TABLES = ("errors_event", "errors_eventpayload", "errors_seenevent")


@dataclass(frozen=True, slots=True)
class CopySpeed:
    """Events/s with all three rows of each, and PostgreSQL's CPU seconds per 1,000 of them."""

    events_per_s: float
    cpu_s_per_1000: float


def measure_copy(server: OwnPostgres) -> CopySpeed:
    """Copy all events of the database into empty tables with the same indexes."""
    with tempfile.TemporaryDirectory(prefix="catchall-copy-") as folder:
        files = {table: Path(folder) / f"{table}.bin" for table in TABLES}
        for table, path in files.items():
            _psql(server, f"CREATE TABLE copy_of_{table} (LIKE {table} INCLUDING ALL)")
            _psql(server, f"\\copy (SELECT * FROM {table}) TO '{path}' (FORMAT binary)")
        ((count,),) = server.query("SELECT count(*) FROM errors_event")
        number = int(str(count))
        started, before = time.monotonic(), _cpu_seconds(server)
        for table, path in files.items():
            _psql(server, f"\\copy copy_of_{table} FROM '{path}' (FORMAT binary)")
        seconds, cpu_s = time.monotonic() - started, _cpu_seconds(server) - before
        for table in TABLES:
            _psql(server, f"DROP TABLE copy_of_{table}")
    return CopySpeed(number / seconds, 1000 * cpu_s / number)


def _cpu_seconds(server: OwnPostgres) -> float:
    """Of the server with its backends, those that have ended too."""
    pids = with_children(server.pid())
    return sum(cpu_seconds_of(pid, with_ended_children=True) for pid in pids)


def _psql(server: OwnPostgres, command: str) -> None:
    url = server.url("catchall")
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", url, "-c", command], check=True)
