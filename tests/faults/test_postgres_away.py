"""PostgreSQL restarts, hangs or is gone for a while: accept goes on, nothing is lost."""

import pytest

from tests.faults.findings import GONE_S, HANGS_S, fault, spend_outage
from tests.faults.load import Load
from tests.production import Stack

pytestmark = pytest.mark.faults


def test_postgres_may_be_restarted_in_the_middle_of_a_batch(stack: Stack, load: Load) -> None:
    with fault(stack, load, "PostgreSQL killed in the middle of a batch, three times"):
        load.start()
        for _ in range(3):
            load.wait_for(200)
            stack.postgres.kill()
            stack.postgres.start()
        load.wait_for(200)


def test_accept_goes_on_while_postgres_is_gone(stack: Stack, load: Load) -> None:
    with fault(stack, load, f"PostgreSQL gone for {GONE_S:g} s") as finding:
        load.start()
        load.wait_for(200)
        stack.postgres.stop()
        assert spend_outage(load, finding, GONE_S) > 100
        stack.postgres.start()
        load.wait_for(200)


def test_accept_goes_on_while_postgres_hangs(stack: Stack, load: Load) -> None:
    with fault(stack, load, f"PostgreSQL hangs for {HANGS_S:g} s (SIGSTOP)") as finding:
        load.start()
        load.wait_for(200)
        stack.postgres.pause()
        assert spend_outage(load, finding, HANGS_S) > 50
        stack.postgres.resume()
        load.wait_for(200)
