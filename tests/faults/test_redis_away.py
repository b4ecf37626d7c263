"""Redis dies, hangs or is gone for a while: what was answered is stored, and accept goes on."""

import time

import pytest

from tests.faults.findings import GONE_S, HANGS_S, fault, spend_outage
from tests.faults.holding import WORKERS, batches_held_up, wait_for_holders
from tests.faults.load import Load
from tests.production import Stack

pytestmark = pytest.mark.faults

LONGER_THAN_A_BATCH_S = 3


def test_redis_may_be_killed_and_started_again(stack: Stack, load: Load) -> None:
    with fault(stack, load, "kill -9 of Redis, started again at once"):
        load.start()
        for _ in range(3):
            load.wait_for(200)
            stack.redis.kill()
            stack.redis.start()
        load.wait_for(200)


def test_workers_that_all_end_their_batches_without_redis_come_back(
    stack: Stack, load: Load
) -> None:
    with fault(stack, load, "Redis gone when every worker finishes a batch"):
        load.start()
        with batches_held_up(stack):
            wait_for_holders(stack, WORKERS)
            stack.redis.kill()
        # They commit, and find nobody to tell, neither the inbox nor Celery's broker.
        load.wait_for(200)
        time.sleep(LONGER_THAN_A_BATCH_S)
        stack.redis.start()
        load.wait_for(200)


def test_accept_goes_on_while_redis_is_gone(stack: Stack, load: Load) -> None:
    with fault(stack, load, f"Redis gone for {GONE_S:g} s") as finding:
        load.start()
        load.wait_for(200)
        stack.redis.kill()
        assert spend_outage(load, finding, GONE_S) > 100
        stack.redis.start()
        load.wait_for(200)


def test_accept_goes_on_while_redis_hangs(stack: Stack, load: Load) -> None:
    with fault(stack, load, f"Redis hangs for {HANGS_S:g} s (SIGSTOP)") as finding:
        load.start()
        load.wait_for(200)
        stack.redis.pause()
        assert spend_outage(load, finding, HANGS_S) > 50
        stack.redis.resume()
        load.wait_for(200)
