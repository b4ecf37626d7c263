"""Threads that are started again, schedules that stop at once, a pool with two lanes."""

import threading

import pytest

from config.embedded import services
from config.embedded.pool import QueuePool
from config.embedded.services import SupervisedThread

PATIENCE_S = 10


class Fragile:
    """A service whose first run fails; the second works until it is stopped."""

    runs = 0

    def __init__(self) -> None:
        self.stopped = threading.Event()
        type(self).runs += 1

    def start(self) -> None:
        if self.runs == 1:
            raise RuntimeError("the first run fails")
        works.set()
        self.stopped.wait(PATIENCE_S)

    def stop(self) -> None:
        self.stopped.set()


works = threading.Event()


def test_a_service_that_fails_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "RESTART_DELAY_S", 0.01)
    thread = SupervisedThread("fragile", Fragile)
    thread.start()
    assert works.wait(PATIENCE_S)
    thread.stop()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert Fragile.runs == 2


def ignore(result: object) -> None:
    """What the worker would do with a result."""


def test_maintenance_does_not_hold_up_the_digest() -> None:
    pool = QueuePool(limit=1)
    free_maintenance, digested = threading.Event(), threading.Event()

    def run_task(name: str, *_: object) -> None:
        if name == "digest":
            digested.set()
        else:
            free_maintenance.wait(PATIENCE_S)

    for name in ("maintenance", "maintenance", "digest"):
        request = {"delivery_info": {"routing_key": name}}
        pool.on_apply(run_task, (name, "id", request), {}, ignore)
    assert digested.wait(PATIENCE_S)
    assert not free_maintenance.is_set()
    free_maintenance.set()
    pool.on_stop()
