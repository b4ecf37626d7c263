"""Celery workers: a parent that talks to the broker, and the processes that it forks for tasks."""

import os
import signal
import warnings
from contextlib import suppress
from typing import Any

from celery import signals
from celery.worker.worker import WorkController
from django.conf import settings

from config.celery import app
from config.embedded.memory import settle, tune_allocator
from config.production.broker import PatientConsumer
from config.production.heartbeat import Heart
from errors.services import pace
from ingest import digest

# Maintenance has a node of its own: a long task there must not hold the digest up.
DIGEST_QUEUES = "digest"
MAINTENANCE_QUEUES = "notify,maintenance"
# Tells the forked processes to finish the batch in hand; Celery's warm shutdown waits for them.
STOP_SIGNAL = signal.SIGUSR2


def serve_worker() -> None:
    """Digest until SIGTERM, then finish the batches in hand and return."""
    _run("digest", DIGEST_QUEUES, settings.WORKER_PROCESSES)


def serve_maintenance() -> None:
    """Notify and clean up until SIGTERM, then finish the tasks in hand and return."""
    _run("maintenance", MAINTENANCE_QUEUES, settings.MAINTENANCE_PROCESSES)


# Root matters where messages hold code, ours hold JSON; the other asks to cancel tasks that go on
# when the broker is lost, and a digest that goes on is wanted.
_BESIDE_THE_POINT = (".*superuser privileges", ".*In Celery 5.1 we introduced")


def _run(name: str, queues: str, processes: int) -> None:
    tune_allocator()
    for words in _BESIDE_THE_POINT:
        warnings.filterwarnings("ignore", rf"(?s){words}")
    app.steps["worker"].add(Heart)
    worker: WorkController = app.Worker(
        hostname=f"{name}@%h",
        pool_cls="prefork",
        consumer_cls=PatientConsumer,
        concurrency=processes,
        queues=queues,
        loglevel=settings.LOG_LEVEL,
        without_gossip=True,
        without_mingle=True,
        quiet=True,
    )
    # Left to children until they have a handler: one that was just made would end by the signal.
    signal.signal(STOP_SIGNAL, signal.SIG_IGN)
    signals.worker_process_init.connect(_prepare_child)
    signals.worker_shutting_down.connect(lambda **_: _tell_children(worker), weak=False)
    settle()
    worker.start()
    raise SystemExit(worker.exitcode)


def _prepare_child(**_: Any) -> None:
    signal.signal(STOP_SIGNAL, _finish)


def _finish(*_: Any) -> None:
    digest.stopping.set()
    pace.stopping.set()


def _tell_children(worker: WorkController) -> None:
    pool: Any = worker.pool
    for pid in pool.info["processes"]:
        # One that ended by itself keeps nobody else from being told.
        with suppress(ProcessLookupError):
            os.kill(pid, STOP_SIGNAL)
