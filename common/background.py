"""Small jobs that nobody waits for, one after the other on a thread of its own."""

import os
import queue
import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)

MAX_WAITING = 1000

Job = Callable[[], object]


class Background:
    """Runs what it is given, in order; drops it when too much waits, as behind a job that hangs.

    Only for what may be lost: the process ends without waiting for it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._start_anew()
        os.register_at_fork(after_in_child=self._start_anew)

    def _start_anew(self) -> None:
        """A forked child has neither the thread nor what waited for it."""
        self._jobs: queue.Queue[Job] = queue.Queue(MAX_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def run(self, job: Job) -> bool:
        """Have it run soon; False: it was dropped. Never blocks."""
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            return False
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name=self._name, daemon=True)
                self._thread.start()
        return True

    def wait(self) -> None:
        """Until everything that was given has run; for tests."""
        self._jobs.join()

    def _loop(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job()
            except Exception:
                log.exception("background.job_failed", thread=self._name)
            finally:
                self._jobs.task_done()
