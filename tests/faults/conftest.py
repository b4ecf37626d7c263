"""One production stack for the tests that leave it as it was; each has a project of its own."""

from collections.abc import Iterator

import pytest

from tests.faults.holding import WORKERS
from tests.faults.ledger import wait_until_drained
from tests.faults.load import Load
from tests.needs import Missing, leave_out
from tests.production import Stack, start_stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A running production site with servers of its own."""
    try:
        with start_stack({"INGEST_WORKERS": "2", "WORKER_PROCESSES": f"{WORKERS}"}) as running:
            # Today's partition is made by the first batch, with locks of its own.
            first = Load(running.create_project("First"))
            first.send(1)
            wait_until_drained(running)
            yield running
    except Missing as missing:
        leave_out(str(missing))


@pytest.fixture
def load(stack: Stack, request: pytest.FixtureRequest) -> Load:
    """Clients of a project of the test's own, not yet started."""
    return Load(stack.create_project(request.node.name[:60]), pause_s=0.005)
