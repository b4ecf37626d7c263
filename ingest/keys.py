"""Public keys as the accept path sees them: remembered for seconds, unknown ones too."""

import asyncio
import os
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections

from ingest.errors import IngestError
from ingest.protocol.auth import KnownKey
from projects.models import ProjectKey
from projects.rate_limits import LIMIT_FIELDS

log = structlog.get_logger(__name__)

TTL_S = 5.0
MAX_ENTRIES = 10_000
# So long a request waits for the database; then the last answer stands.
WAIT_S = 2.0
# Their own, so that a database that hangs holds up nobody else's thread.
THREADS = 4
# Looked up or waiting for it; a flood of unknown keys is refused beyond.
MAX_FLIGHTS = 1000
_OF_PROJECT = ("allowed_origins", "deleted_at", *LIMIT_FIELDS)


class KeyNotCached(Exception):
    """Nothing fresh is remembered about this key; `find` asks the database."""

    def __init__(self, public_key: str) -> None:
        super().__init__()
        self.public_key = public_key


@dataclass(frozen=True, slots=True)
class Flight:
    """One look-up of a key, which all requests with that key wait for together."""

    public_key: str
    wait_until: float
    landed: "Future[None]" = field(default_factory=Future)


class KeyCache:
    """What a loader said about keys, for TTL_S; the oldest entries make room for new ones.

    The loader runs on threads of the cache. While it fails or hangs the last answer stands.
    """

    def __init__(
        self,
        load: Callable[[str], KnownKey | None],
        *,
        max_entries: int = MAX_ENTRIES,
        wait_s: float = WAIT_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._max_entries = max_entries
        self._wait_s = wait_s
        self._clock = clock
        self._entries: dict[str, tuple[float, KnownKey | None]] = {}
        self.start_anew()

    def start_anew(self) -> None:
        """Begin without threads and look-ups under way: a forked child has neither."""
        self._lock = threading.Lock()
        self._flights: dict[str, Flight] = {}
        self._queue: queue.SimpleQueue[Flight] = queue.SimpleQueue()
        self._thread_count = 0

    def peek(self, public_key: str) -> KnownKey | None:
        """The key, None when it is unknown. Never waits. Raises KeyNotCached."""
        entry = self._entries.get(public_key)
        if entry is None or entry[0] < self._clock():
            raise KeyNotCached(public_key)
        return entry[1]

    def find(self, public_key: str) -> KnownKey | None:
        """The key, None when it is unknown; asks the loader when nothing fresh is remembered.

        Waits for a look-up until it is wait_s old; then the last answer stands.
        Raises: IngestError 503 without one.
        """
        with suppress(KeyNotCached):
            return self.peek(public_key)
        if flight := self._join_flight(public_key):
            wait([flight.landed], timeout=self._patience(flight))
        return self._answer(public_key)

    async def find_soon(self, public_key: str) -> KnownKey | None:
        """As find, for an event loop, which goes on meanwhile."""
        with suppress(KeyNotCached):
            return self.peek(public_key)
        if flight := self._join_flight(public_key):
            await asyncio.wait([asyncio.wrap_future(flight.landed)], timeout=self._patience(flight))
        return self._answer(public_key)

    def clear(self) -> None:
        """Remember nothing; for tests, which change keys at once."""
        self._entries.clear()

    def _join_flight(self, public_key: str) -> Flight | None:
        """The key's look-up, begun if need be; None when too many are under way."""
        with self._lock:
            flight = self._flights.get(public_key)
            if flight is None and len(self._flights) < MAX_FLIGHTS:
                flight = Flight(public_key, self._clock() + self._wait_s)
                self._flights[public_key] = flight
                self._queue.put(flight)
                if self._thread_count < THREADS:
                    self._thread_count += 1
                    threading.Thread(target=self._look_up, name="keys", daemon=True).start()
        return flight

    def _patience(self, flight: Flight) -> float:
        return max(0.0, flight.wait_until - self._clock())

    def _answer(self, public_key: str) -> KnownKey | None:
        """What the look-up brought, else the last answer, which stands for another TTL_S."""
        with self._lock:
            entry = self._entries.get(public_key)
            if entry is None:
                raise IngestError(503, "The site cannot look up keys now.", retry_after_s=10)
            if entry[0] < self._clock():
                self._remember(public_key, entry[1])
            return entry[1]

    def _look_up(self) -> None:
        """Take one look-up after the other, for ever."""
        while True:
            flight = self._queue.get()
            try:
                key = self._load(flight.public_key)
                with self._lock:
                    self._remember(flight.public_key, key)
            except (DatabaseError, InterfaceError):
                # What follows from it is logged where requests are refused.
                pass
            except Exception:
                log.exception("keys.look_up_failed")
            with self._lock:
                del self._flights[flight.public_key]
            flight.landed.set_result(None)

    def _remember(self, public_key: str, key: KnownKey | None) -> None:
        self._entries.pop(public_key, None)
        while len(self._entries) >= self._max_entries:
            del self._entries[next(iter(self._entries))]
        self._entries[public_key] = (self._clock() + TTL_S, key)


def load_key(public_key: str) -> KnownKey | None:
    """Look the key up in the database, revoked ones and those of deleted projects too."""
    row = (
        ProjectKey.objects.filter(public_key=public_key)
        .select_related("project")
        .only("revoked_at", *LIMIT_FIELDS, *(f"project__{name}" for name in _OF_PROJECT))
        .first()
    )
    return None if row is None else known_key(row)


def known_key(key: ProjectKey) -> KnownKey:
    """What the accept path remembers of a key; its project is read along."""
    project = key.project
    return KnownKey(
        key_id=key.pk,
        project_id=project.pk,
        allowed_origins=tuple(project.allowed_origins.split()) or ("*",),
        is_active=key.revoked_at is None and project.deleted_at is None,
        limit=key.limit,
        project_limit=project.limit,
    )


def load_on_thread(public_key: str) -> KnownKey | None:
    """As load_key, outside of Django's requests: keeps no connection longer than they do."""
    try:
        return load_key(public_key)
    finally:
        close_old_connections()


key_cache = KeyCache(load_on_thread)
os.register_at_fork(after_in_child=key_cache.start_anew)
