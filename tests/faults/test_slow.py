"""Servers that answer late: an append may be tried elsewhere, and still counts once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.findings import fault
from tests.faults.ledger import count_tried_elsewhere
from tests.faults.load import Load
from tests.faults.slow_proxy import SlowProxy, slow_proxy
from tests.needs import Missing, leave_out
from tests.production import Stack, launch
from tests.servers import own_postgres, own_redis

pytestmark = pytest.mark.faults


@dataclass(frozen=True, slots=True)
class SlowStack:
    """A production site that meets its servers through two proxies."""

    stack: Stack
    postgres: SlowProxy
    redis: SlowProxy


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlowStack]:
    """As slow as the test says."""
    try:
        with (
            own_postgres() as postgres,
            own_redis() as redis,
            slow_proxy(postgres.port) as to_postgres,
            slow_proxy(redis.port) as to_redis,
        ):
            settings = {
                "DATABASE_URL": f"postgres://postgres@127.0.0.1:{to_postgres.port}/catchall",
                "REDIS_URL": f"redis://127.0.0.1:{to_redis.port}/0",
            }
            folder: Path = tmp_path_factory.mktemp("slow") / "data"
            stack = launch(folder, postgres, redis, settings=settings)
            try:
                yield SlowStack(stack, to_postgres, to_redis)
            finally:
                to_postgres.delay_s = to_redis.delay_s = 0.0
                stack.stop()
    except Missing as missing:
        leave_out(str(missing))


def test_both_servers_may_be_slow(slow: SlowStack) -> None:
    load = Load(slow.stack.create_project("Slow"))
    with fault(slow.stack, load, "both slow: 300 ms for each answer"):
        load.start()
        load.wait_for(100)
        slow.postgres.delay_s = slow.redis.delay_s = 0.3
        load.wait_for(200)
        slow.postgres.delay_s = slow.redis.delay_s = 0.0


def test_an_append_that_times_out_and_is_tried_elsewhere_counts_once(slow: SlowStack) -> None:
    load = Load(slow.stack.create_project("Late"))
    with fault(slow.stack, load, "appends that Redis takes but confirms too late"):
        load.start()
        load.wait_for(100)
        for _ in range(3):
            slow.redis.delay_s = 5.0
            load.wait_for(50)
            slow.redis.delay_s = 0.0
            load.wait_for(50)
    assert count_tried_elsewhere(slow.stack) > 0
