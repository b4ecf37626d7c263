"""Housekeeping in small steps with rests between them, so that it is hardly felt."""

import threading
import time
from collections.abc import Iterator, Sequence

# Set when the process ends: the step in hand is finished, and the next run goes on from there.
stopping = threading.Event()

# Of the time; the rest belongs to the digest, which shares the disk, the writer and the cores.
SHARE = 0.05
# Processor time of a step on SQLite, which is how long it holds the one writer. PostgreSQL works
# elsewhere, and has no single writer: there steps grow to the largest.
STEP_S = 0.008
# A step that takes longer waited for others, and must not rest for that, too.
MAX_WORK_S = 0.05
MIN_STEP, MAX_STEP = 20, 1_000
# How late a rest may hear of the end.
SLICE_S = 0.1


class Stopped(Exception):
    """Told to stop, or out of time, between two steps: everything is consistent."""


class Pace:
    """Works for a share of the time, in steps of a few milliseconds, until told to stop.

    share: of the time, 1.0 for no rests. seconds: how long in all, None for no end.
    """

    def __init__(self, *, share: float = SHARE, seconds: float | None = None) -> None:
        self._rest_per_work = 1 / share - 1
        self._end = None if seconds is None else time.monotonic() + seconds
        self._resumed = time.monotonic()
        self._step = 100

    def rest(self) -> None:
        """Make up for the work since the last rest. Raises Stopped."""
        worked = min(time.monotonic() - self._resumed, MAX_WORK_S)
        _sleep(worked * self._rest_per_work)
        self._resumed = time.monotonic()
        if stopping.is_set() or (self._end is not None and self._resumed > self._end):
            raise Stopped

    def parts(self, ids: Sequence[int]) -> Iterator[Sequence[int]]:
        """Hand the ids out in steps that take STEP_S, with a rest after each. Raises Stopped."""
        start = 0
        while start < len(ids):
            part = ids[start : start + self._step]
            began = time.thread_time()
            yield part
            self._adapt(len(part), time.thread_time() - began)
            self.rest()
            start += len(part)

    @property
    def step(self) -> int:
        """How many rows the next step should take."""
        return self._step

    def _adapt(self, rows: int, took_s: float) -> None:
        fitting = int(rows * STEP_S / max(took_s, 1e-6))
        # A step that was quick by chance must not make the next one four times too long.
        self._step = max(MIN_STEP, min(MAX_STEP, fitting, self._step * 2))


def _sleep(seconds: float) -> None:
    """Until the time is over or somebody says stop.

    In slices: waiting for the event holds its lock, which a signal's handler would wait for.
    """
    end = time.monotonic() + seconds
    while not stopping.is_set() and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, SLICE_S))
