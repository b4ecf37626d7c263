"""The thread that works in groups: everything that was put is worked on, also around its end."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ingest.inbox.groups import GroupThread

PUTTING, ENTRIES = 4, 500


@pytest.fixture
def worked_on() -> list[int]:
    return []


@pytest.fixture
def thread(worked_on: list[int]) -> Iterator[GroupThread[int]]:
    thread: GroupThread[int] = GroupThread(
        "test-group", work=worked_on.extend, last_work=lambda: None, max_group=4
    )
    yield thread
    thread.close()


@pytest.fixture
def _hasty_threads() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_hasty_threads")
def test_what_comes_while_it_closes_is_worked_on(
    thread: GroupThread[int], worked_on: list[int]
) -> None:
    def put_all() -> None:
        for number in range(ENTRIES):
            thread.put(number)
            time.sleep(0)

    with ThreadPoolExecutor(PUTTING) as threads:
        putting = [threads.submit(put_all) for _ in range(PUTTING)]
        while not all(one.done() for one in putting):
            thread.close()
    thread.close()

    assert sorted(worked_on) == sorted([*range(ENTRIES)] * PUTTING)


def test_entries_keep_their_order(thread: GroupThread[int], worked_on: list[int]) -> None:
    for number in range(ENTRIES):
        thread.put(number)
    thread.close()

    assert worked_on == [*range(ENTRIES)]
