"""What was refused when it arrived: counted in the process, written every few seconds.

Accept never waits for it. A kill loses the last seconds of these counts, a clean stop nothing.
"""

import os
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from multiprocessing.util import Finalize

import structlog
from django.db import (
    DatabaseError,
    InterfaceError,
    close_old_connections,
    connection,
    transaction,
)

from projects.statistics.outcomes import NO_PROJECT, OTHER, Counted
from projects.statistics.record import add_outcomes

log = structlog.get_logger(__name__)

WRITE_EVERY_S = 5.0
# While the database is away; beyond, only outcome and hour are told apart.
MAX_NAMES = 10_000


class Tally:
    """Numbers of this process that are not yet in the database."""

    def __init__(
        self,
        write: Callable[[Mapping[Counted, int]], None],
        *,
        write_every_s: float = WRITE_EVERY_S,
        max_names: int = MAX_NAMES,
    ) -> None:
        self._write = write
        self._write_every_s = write_every_s
        self._max_names = max_names
        self.start_anew()

    def start_anew(self) -> None:
        """Begin with nothing and no thread: a forked child's parent writes its own."""
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._counts: Counter[Counted] = Counter()
        self._has_thread = False

    def note(self, name: Counted, quantity: int = 1) -> None:
        """Count it; never waits for more than other threads' counting."""
        with self._lock:
            self._add(name, quantity)
            is_first, self._has_thread = not self._has_thread, True
        if is_first:
            self._start()

    def flush(self) -> bool:
        """Write what there is; whether that worked. What cannot be written is kept."""
        with self._writing:
            with self._lock:
                counts, self._counts = self._counts, Counter()
            if not counts:
                return True
            try:
                self._write(counts)
            except (DatabaseError, InterfaceError) as error:
                log.warning("statistics.not_written", error=str(error), names=len(counts))
                self._take_back(counts)
                return False
            except Exception:
                self._take_back(counts)
                raise
            return True

    def pending(self) -> Counter[Counted]:
        """What is not written yet; for tests."""
        with self._lock:
            return Counter(self._counts)

    def _take_back(self, counts: Mapping[Counted, int]) -> None:
        with self._lock:
            for name, quantity in counts.items():
                self._add(name, quantity)

    def _add(self, name: Counted, quantity: int) -> None:
        if name not in self._counts and len(self._counts) >= self._max_names:
            name = Counted(NO_PROJECT, name.hour, name.outcome, name.category, OTHER)
        self._counts[name] += quantity

    def _start(self) -> None:
        threading.Thread(target=self._run, name="statistics", daemon=True).start()
        # Servers' worker processes end without Python's own atexit.
        Finalize(None, self.flush, exitpriority=10)

    def _run(self) -> None:
        pause = threading.Event()
        while not pause.wait(self._write_every_s):
            try:
                self.flush()
            except Exception:
                # Without this thread nothing would ever be written again.
                log.exception("statistics.write_failed")


def write_on_thread(counts: Mapping[Counted, int]) -> None:
    """As add_outcomes, outside of Django's requests: keeps no connection longer than they do."""
    try:
        with transaction.atomic():
            add_outcomes(counts)
    finally:
        if not connection.in_atomic_block:
            close_old_connections()


tally = Tally(write_on_thread)
os.register_at_fork(after_in_child=tally.start_anew)
