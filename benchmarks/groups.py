"""Processor time and memory of the production site, service by service."""

from collections.abc import Mapping

from benchmarks.measure import cpu_seconds_of, pss_mb, with_children
from tests.production import Stack
from tests.servers import OwnPostgres

SERVICES = ("proxy", "ingest", "web", "worker", "maintenance", "beat")


def main_pids(stack: Stack) -> dict[str, int]:
    """The first process of each service, of PostgreSQL and of Redis."""
    assert stack.redis.process
    servers = {"PostgreSQL": _main_pid(stack.postgres), "Redis": stack.redis.process.pid}
    return {service: stack.pid(service) for service in SERVICES} | servers


def _main_pid(server: OwnPostgres) -> int:
    """As the server itself says, wherever its files are."""
    ((pid,),) = server.query("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)")
    return int(str(pid))


def cpu_by_group(pids: Mapping[str, int]) -> dict[str, float]:
    """Seconds so far of each group, with the children that have ended and were waited for."""
    return {
        name: sum(cpu_seconds_of(each, with_ended_children=True) for each in with_children(pid))
        for name, pid in pids.items()
    }


def memory_by_group(pids: Mapping[str, int]) -> dict[str, float]:
    """Proportional set size of each group, in MB (10^6 bytes)."""
    return {name: pss_mb(pid) for name, pid in pids.items()}


def difference(after: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    """What each group took in between."""
    return {name: after[name] - before[name] for name in after}
