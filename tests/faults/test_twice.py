"""The same event or the same batch more than once: it counts once."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from ingest.inbox.redis_store import GROUP, SHARDS, key
from tests.faults.findings import fault
from tests.faults.holding import batches_held_up, wait_for_holders
from tests.faults.load import Load
from tests.production import Stack
from tests.server import ROOT, wait_until

pytestmark = pytest.mark.faults

# A beat that stands by looks this often and a little more for its turn.
LONGER_THAN_A_TURN_S = 8


def test_an_event_that_its_sdk_sends_three_times_counts_once(stack: Stack, load: Load) -> None:
    load.times = 3
    with fault(stack, load, "each event sent three times, over two ingest processes"):
        load.start()
        load.wait_for(300)


def test_a_batch_that_two_workers_hold_counts_once(stack: Stack, load: Load) -> None:
    with fault(stack, load, "a worker that stands still in a batch for longer than its lease"):
        load.start()
        with batches_held_up(stack):
            (holder, *_) = wait_for_holders(stack)
            holder.suspend()
        try:
            wait_until(
                lambda: most_deliveries(stack) > 1, "the batch to be given away", timeout_s=60
            )
        finally:
            holder.resume()


def test_a_batch_that_was_written_and_not_acknowledged_counts_once(
    stack: Stack, load: Load
) -> None:
    with fault(stack, load, "kill -9 of a worker between commit and acknowledgement"):
        with batches_held_up(stack):
            load.start()
            (holder, *_) = wait_for_holders(stack)
            load.stop()
            stack.redis.kill()
        wait_until(lambda: has_committed(stack, load), "the batch to be written")
        holder.kill()
        stack.redis.start()
        assert most_deliveries(stack) == 1


def test_of_two_beats_one_works(stack: Stack, load: Load, tmp_path: Path) -> None:
    with (
        fault(stack, load, "a second beat, then kill -9 of the first"),
        two_beats(stack, tmp_path / "second.log") as turns,
    ):
        load.start()
        before = turns()
        time.sleep(LONGER_THAN_A_TURN_S)
        assert turns() == before
        stack.kill_service("beat")
        wait_until(lambda: turns() == before + 1, "another beat to take its turn", timeout_s=40)
        time.sleep(LONGER_THAN_A_TURN_S)
        assert turns() == before + 1


def most_deliveries(stack: Stack) -> int:
    """How often that message was delivered which readers hold and which came most often."""
    with redis.Redis(port=stack.redis.port) as client:
        return max(
            (
                int(entry["times_delivered"])
                for source in SHARDS
                if client.exists(key(source, "stream"))
                for entry in client.xpending_range(key(source, "stream"), GROUP, "-", "+", 1000)
            ),
            default=0,
        )


def has_committed(stack: Stack, load: Load) -> bool:
    """Whether events of the load are stored."""
    query = f"SELECT EXISTS (SELECT FROM errors_event WHERE project_id = {load.project})"
    return stack.postgres.query(query) == [(True,)]


@contextmanager
def two_beats(stack: Stack, log_path: Path) -> Iterator[Callable[[], int]]:
    """A second beat beside the stack's own; gives how often either of them began to work."""
    command = [sys.executable, "manage.py", "serve", "beat"]
    with log_path.open("wb") as log:
        second = subprocess.Popen(
            command, cwd=ROOT, env=stack.environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield lambda: (stack.log() + log_path.read_text()).count("beat.started")
    finally:
        second.terminate()
        second.wait()
