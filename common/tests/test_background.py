"""Jobs that nobody waits for."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from common import background
from common.background import Background


@pytest.fixture
def jobs() -> Iterator[Background]:
    jobs = Background("test")
    yield jobs
    jobs.wait()


def test_jobs_run_in_order_on_another_thread(jobs: Background) -> None:
    done: list[tuple[int, str]] = []

    def note(number: int) -> None:
        done.append((number, threading.current_thread().name))

    for number in range(5):
        jobs.run(partial(note, number))
    jobs.wait()
    assert done == [(number, "test") for number in range(5)]


def test_a_job_that_fails_stops_no_other(jobs: Background) -> None:
    done = threading.Event()
    jobs.run(lambda: 1 / 0)
    jobs.run(done.set)
    assert done.wait(5)


def test_behind_a_job_that_hangs_jobs_are_dropped_and_nobody_waits(
    jobs: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "MAX_WAITING", 3)
    jobs = Background("full")
    goes_on, hangs = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        goes_on.wait(5)

    jobs.run(hang)
    assert hangs.wait(5)
    assert [jobs.run(lambda: None) for _ in range(5)] == [True, True, True, False, False]
    goes_on.set()
    jobs.wait()
