"""Public keys as the accept path sees them: remembered for seconds, unknown ones too."""

import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.db.models import F

from ingest.errors import IngestError
from ingest.protocol.auth import KnownKey
from projects.models import ProjectKey

TTL_S = 5.0
MAX_ENTRIES = 10_000


class KeyNotCached(Exception):
    """Nothing fresh is remembered about this key; `find` asks the database."""

    def __init__(self, public_key: str) -> None:
        super().__init__()
        self.public_key = public_key


class KeyCache:
    """What a loader said about keys, for TTL_S; the oldest entries make room for new ones."""

    def __init__(
        self,
        load: Callable[[str], KnownKey | None],
        *,
        max_entries: int = MAX_ENTRIES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._max_entries = max_entries
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[float, KnownKey | None]] = {}

    def peek(self, public_key: str) -> KnownKey | None:
        """The key, None when it is unknown. Never waits. Raises KeyNotCached."""
        entry = self._entries.get(public_key)
        if entry is None or entry[0] < self._clock():
            raise KeyNotCached(public_key)
        return entry[1]

    def find(self, public_key: str) -> KnownKey | None:
        """The key, None when it is unknown; asks the loader when nothing fresh is remembered.

        While the database is away the last answer stands. Raises IngestError 503 without one.
        """
        with self._lock:
            try:
                return self.peek(public_key)
            except KeyNotCached:
                return self._renew(public_key)

    def clear(self) -> None:
        """Remember nothing; for tests, which change keys at once."""
        self._entries.clear()

    def _renew(self, public_key: str) -> KnownKey | None:
        stale = self._entries.pop(public_key, None)
        try:
            key = self._load(public_key)
        except (DatabaseError, InterfaceError) as error:
            if stale is None:
                detail = "The site cannot look up keys now."
                raise IngestError(503, detail, retry_after_s=10) from error
            key = stale[1]
        while len(self._entries) >= self._max_entries:
            del self._entries[next(iter(self._entries))]
        self._entries[public_key] = (self._clock() + TTL_S, key)
        return key


def load_key(public_key: str) -> KnownKey | None:
    """Look the key up in the database, revoked ones and those of deleted projects too."""
    row = (
        ProjectKey.objects.filter(public_key=public_key)
        .values_list("pk", "project_id", "project__allowed_origins", "revoked_at")
        .annotate(deleted_at=F("project__deleted_at"))
        .first()
    )
    if row is None:
        return None
    key_id, project_id, origins, revoked_at, deleted_at = row
    is_active = revoked_at is None and deleted_at is None
    return KnownKey(key_id, project_id, tuple(origins.split()) or ("*",), is_active)


def find_in_thread(public_key: str) -> KnownKey | None:
    """As key_cache.find, outside of Django's requests: keeps no connection longer than they do."""
    try:
        return key_cache.find(public_key)
    finally:
        close_old_connections()


key_cache = KeyCache(load_key)
