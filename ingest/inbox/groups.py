"""A thread that takes what waits together: appends of the same moment share one commit."""

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class GroupThread(Generic[Entry]):
    """Hands entries of any thread to `work`, in groups; starts with the first one.

    work:      gets the entries that wait, at most max_group, or none after a pause. It returns how
               many seconds to wait for the next ones until it is called without any; None: for
               ever. It never raises.
    last_work: is called once at the end, on the same thread.
    """

    def __init__(
        self,
        name: str,
        *,
        work: Callable[[list[Entry]], float | None],
        last_work: Callable[[], None],
        max_group: int,
    ) -> None:
        self._name = name
        self._work = work
        self._last_work = last_work
        self._max_group = max_group
        self._queue: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, entry: Entry) -> None:
        """Queue the entry. Blocks only while the thread is being closed."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name=self._name, daemon=True)
                self._thread.start()
            self._queue.put(entry)

    def is_empty(self) -> bool:
        """Whether nothing waits to be taken."""
        return self._queue.empty()

    def close(self) -> None:
        """Work on what was queued, then stop; what comes later starts a new thread."""
        # Held until it has ended: a second thread might take the end that is meant for the first.
        with self._lock:
            if self._thread is not None:
                self._queue.put(None)
                self._thread.join()
                self._thread = None

    def _loop(self) -> None:
        pause: float | None = None
        is_closing = False
        while not is_closing:
            group, is_closing = self._next_group(pause)
            pause = self._work(group)
        self._last_work()

    def _next_group(self, pause: float | None) -> tuple[list[Entry], bool]:
        """What waits, at least one entry, or none when the pause is over; and whether to close."""
        group: list[Entry] = []
        try:
            entry = self._queue.get(timeout=pause)
            while entry is not None:
                group.append(entry)
                if len(group) == self._max_group:
                    return group, False
                entry = self._queue.get_nowait()
        except queue.Empty:
            return group, False
        return group, True
