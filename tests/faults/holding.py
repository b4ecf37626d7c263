"""Catches workers in the middle of a batch: what they write waits for a lock of the test's."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import psycopg

from tests.production import Stack
from tests.server import wait_until
from tests.servers import DATABASE

# Of the stack that the tests share.
WORKERS = 2
_WHO_WAITS = f"""
    SELECT client_port FROM pg_stat_activity
    WHERE datname = '{DATABASE}' AND wait_event_type = 'Lock' AND wait_event = 'relation'
"""


@contextmanager
def batches_held_up(stack: Stack) -> Iterator[None]:
    """No event can be written meanwhile: workers wait with the batches that they have read."""
    with psycopg.connect(stack.postgres.url(DATABASE)) as connection:
        connection.execute("LOCK TABLE errors_event IN SHARE MODE")
        yield
        connection.rollback()


def wait_for_holders(stack: Stack, number: int = 1) -> list[psutil.Process]:
    """The worker's processes that hold a batch, once there are so many."""

    def look() -> list[psutil.Process]:
        ports = {port for (port,) in stack.postgres.query(_WHO_WAITS)}
        children = psutil.Process(stack.pid("worker")).children()
        holders = [child for child in children if ports & _ports_of(child)]
        return holders if len(holders) >= number else []

    return wait_until(look, f"{number} worker processes to hold a batch", timeout_s=60)


def _ports_of(process: psutil.Process) -> set[object]:
    return {connection.laddr.port for connection in process.net_connections("tcp")}
