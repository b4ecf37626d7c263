"""kill -9 in the middle of a load, then a start: nothing accepted is lost or counted twice."""

from pathlib import Path

import pytest

from tests.faults.findings import IS_FULL, fault
from tests.faults.holding import batches_held_up, wait_for_holders
from tests.faults.load import Load
from tests.production import Stack
from tests.server import free_port, start_site, wait_until

pytestmark = pytest.mark.faults

KILLS = 3
EVENTS_BETWEEN_KILLS = 400
LOST_WORKERS = 5 if IS_FULL else 2


def test_the_one_process_may_be_killed_at_any_time(tmp_path: Path) -> None:
    port = free_port()
    site = start_site(tmp_path / "data", port=port)
    load = Load(site.create_project("Faults"))
    try:
        with fault(site, load, "kill -9 of the process, three times"):
            load.start()
            for _ in range(KILLS):
                load.wait_for(EVENTS_BETWEEN_KILLS)
                site.kill()
                site = start_site(tmp_path / "data", port=port)
            load.stop()
            assert load.unknown, "No kill met a request that was under way."
        assert site.stop() == 0
    finally:
        site.kill()


@pytest.mark.parametrize("service", ["ingest", "web", "worker", "maintenance", "beat", "proxy"])
def test_a_service_may_be_killed_at_any_time(stack: Stack, load: Load, service: str) -> None:
    with fault(stack, load, f"kill -9 of {service}"):
        load.start()
        load.wait_for(EVENTS_BETWEEN_KILLS)
        pid = stack.kill_service(service)
        wait_until(lambda: stack.pid(service) != pid, f"{service} to be started again")
        load.wait_for(EVENTS_BETWEEN_KILLS)


def test_a_worker_may_be_lost_in_the_middle_of_a_batch(stack: Stack, load: Load) -> None:
    with fault(stack, load, f"kill -9 of the process that holds a batch, {LOST_WORKERS} times"):
        load.start()
        for _ in range(LOST_WORKERS):
            with batches_held_up(stack):
                (holder, *_) = wait_for_holders(stack)
                holder.kill()
        load.wait_for(EVENTS_BETWEEN_KILLS)
