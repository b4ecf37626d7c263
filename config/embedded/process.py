"""The one process: its threads, its web server, and how it ends."""

import asyncio
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import structlog

from config.asgi import application
from config.celery import app as celery_app
from config.embedded.memory import settle, tune_allocator
from config.embedded.server import EmbeddedServer
from config.embedded.services import Beat, SupervisedThread, make_worker
from errors.services import pace
from ingest import digest, live
from ingest.inbox import get_inbox
from ingest.wake import send_wake_up
from projects.statistics import tally

log = structlog.get_logger(__name__)

# The digest finishes its batch; whatever takes longer is picked up again at the next start.
STOP_TIMEOUT_S = 4.0


def serve(listener: socket.socket, announce: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is in hand and return."""
    threads = [
        SupervisedThread("worker", lambda: make_worker(celery_app)),
        SupervisedThread("beat", lambda: Beat(celery_app)),
    ]

    def start_beside(loop: asyncio.AbstractEventLoop) -> None:
        live.register_loop(loop)
        for thread in threads:
            thread.start()
        # Messages may have waited since the last run.
        send_wake_up(None)
        settle()
        announce()

    tune_allocator()
    _swallow_signals()
    EmbeddedServer(application, start_beside).run(sockets=[listener])
    _stop(threads)


def _swallow_signals() -> None:
    """Uvicorn raises the signal again that ended it, once it has finished: that is no news."""
    # Under the reloader this is not the main thread, which alone may set handlers.
    with suppress(ValueError):
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)


def _stop(threads: list[SupervisedThread]) -> None:
    digest.stopping.set()
    pace.stopping.set()
    for thread in threads:
        threading.Thread(target=thread.stop, daemon=True).start()
    deadline = time.monotonic() + STOP_TIMEOUT_S
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    get_inbox().close()
    tally.flush()
    if any(thread.is_alive() for thread in threads):
        log.warning("stopped_in_the_middle", detail="what was under way is done at the next start")
        sys.stdout.flush()
        # Waiting for the threads is what an ordinary end would do.
        os._exit(0)
