"""The clock is set back an hour while events flow."""

from pathlib import Path

import pytest

from tests.faults.clock import Clock
from tests.faults.findings import fault
from tests.faults.ledger import count_tried_elsewhere
from tests.faults.load import Load
from tests.needs import Missing, leave_out
from tests.production import launch
from tests.server import start_site
from tests.servers import own_postgres, own_redis

pytestmark = pytest.mark.faults

AN_HOUR_S = 3600
EVENTS = 300


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    """The system's, until a test sets it."""
    try:
        return Clock(tmp_path)
    except Missing as missing:
        leave_out(str(missing))


def test_the_one_process_bears_a_clock_that_goes_back(clock: Clock, tmp_path: Path) -> None:
    site = start_site(tmp_path / "data", settings=clock.environment)
    load = Load(site.create_project("Clock"), pause_s=0.01)
    try:
        with fault(site, load, "the clock set back an hour"):
            load.start()
            load.wait_for(EVENTS)
            clock.set_back(AN_HOUR_S)
            load.wait_for(EVENTS)
        assert site.stop() == 0
    finally:
        site.kill()


def test_production_bears_a_clock_that_goes_back(clock: Clock, tmp_path: Path) -> None:
    """Redis gives the row ids, the leases and the wake-ups; ingest the times of arrival."""
    with own_postgres() as postgres, own_redis(clock.environment) as redis:
        stack = launch(tmp_path / "data", postgres, redis, settings=clock.environment)
        load = Load(stack.create_project("Clock"), pause_s=0.01)
        try:
            with fault(stack, load, "the clock of all but PostgreSQL set back an hour"):
                load.start()
                load.wait_for(EVENTS)
                clock.set_back(AN_HOUR_S)
                load.wait_for(EVENTS)
            assert count_tried_elsewhere(stack) == 0
        finally:
            # Redis measures by it how long a worker that waits for a task may do so.
            clock.set_back(0)
            stack.stop()
