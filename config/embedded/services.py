"""Celery's worker and beat as threads, started again when they end before they were told to."""

import threading
from collections.abc import Callable
from typing import Protocol

import structlog
from celery import Celery
from celery.worker.worker import WorkController

from config.scheduler import SteadyScheduler

log = structlog.get_logger(__name__)

RESTART_DELAY_S = 1.0
# How often beat looks for schedules that somebody changed.
MAX_TICK_S = 5.0
# How often the schedules' last runs are written down, for people and for the next start.
SYNC_EVERY_S = 60


class Service(Protocol):
    """Something that works until it is stopped from another thread."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class SupervisedThread(threading.Thread):
    """A thread that makes and runs a service, and a new one whenever it ends too early."""

    def __init__(self, name: str, make: Callable[[], Service]) -> None:
        super().__init__(name=name, daemon=True)
        self._make = make
        self._service: Service | None = None
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._service = self._make()
                self._service.start()
            except Exception:
                log.exception("service_failed", service=self.name)
            if not self._stopping.wait(RESTART_DELAY_S):
                log.error("service_restarted", service=self.name)

    def stop(self) -> None:
        """Tell the service to finish what it has in hand; returns at once or when it has."""
        self._stopping.set()
        if self._service:
            self._service.stop()


class Beat:
    """Celery's database schedules; Celery's own service would sleep through a stop."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._stopping = threading.Event()

    def start(self) -> None:
        scheduler = SteadyScheduler(app=self._app, max_interval=MAX_TICK_S)
        scheduler.sync_every = SYNC_EVERY_S
        try:
            while not self._stopping.wait(min(scheduler.tick(), MAX_TICK_S)):
                if scheduler.should_sync():
                    scheduler.sync()
        finally:
            scheduler.close()

    def stop(self) -> None:
        self._stopping.set()


def make_worker(app: Celery) -> WorkController:
    """A worker for both queues, without what only matters between hosts."""
    return app.WorkController(
        hostname="embedded@localhost",
        pool_cls="config.embedded.pool:QueuePool",
        concurrency=1,
        queues=["digest", "maintenance"],
        # Messages are wake-ups: a waiting one of maintenance must not hold back the digest's.
        prefetch_multiplier=0,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
