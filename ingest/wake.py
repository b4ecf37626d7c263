"""Waking the digest: Celery messages that name a source of the inbox, and carry nothing else.

A thread of its own sends them: a broker that is away or hangs costs the accept side nothing.
"""

import os
import threading
import time

import structlog
from celery import current_app

log = structlog.get_logger(__name__)

DIGEST_TASK = "ingest.tasks.digest_inbox"
# A wake-up that a broker lost costs this long, never a message: the inbox keeps those.
LOST_AFTER_S = 1.0
# One that no worker took in this time has no use any more. Celery compares two hosts' clocks: one
# that is ahead by more would drop every wake-up.
EXPIRES_S = 300
# One more attempt opens a new connection where the pooled one had been cut.
RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0}


class Sender:
    """Sends wake-ups one after the other; the thread starts with the first one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._due: set[int | None] = set()
        self._is_failing = False

    def send(self, source: int | None) -> None:
        """Have the source's wake-up sent, once if it is asked for again meanwhile. Never blocks."""
        with self._changed:
            self._due.add(source)
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="wake", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _loop(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._due)
                source = self._due.pop()
            try:
                _send(source)
            except Exception as error:
                # Beat wakes the digest anyway.
                self._note_failure(error)
                time.sleep(LOST_AFTER_S)
            else:
                self._is_failing = False

    def _note_failure(self, error: Exception) -> None:
        if not self._is_failing:
            log.warning("digest.wake_failed", error=str(error), exc_info=error)
        self._is_failing = True


def send_wake_up(source: int | None) -> None:
    """Wake a worker for this source of the inbox; None: for all of them. Never blocks."""
    _sender.send(source)


def wake_digest(source: int) -> None:
    """Wake a worker for this source, unless this process did so just now. Never blocks."""
    now = time.monotonic()
    if now - _sent_at.get(source, -LOST_AFTER_S) >= LOST_AFTER_S:
        _sent_at[source] = now
        send_wake_up(source)


def wake_used_up(source: int) -> None:
    """The digest finds nothing more there: what comes from now on deserves a wake-up of its own."""
    _sent_at.pop(source, None)


def _send(source: int | None) -> None:
    current_app.send_task(
        DIGEST_TASK,
        kwargs={} if source is None else {"source": source},
        expires=EXPIRES_S,
        retry=True,
        retry_policy=RETRY_POLICY,
        ignore_result=True,
    )


def _start_anew() -> None:
    global _sender, _sent_at
    _sender, _sent_at = Sender(), {}


_sender = Sender()
# When this process last woke the digest, by source.
_sent_at: dict[int, float] = {}
# A forked child has not the sender's thread.
os.register_at_fork(after_in_child=_start_anew)
