"""Ingestion stops before the disk is full: pages, deletions and the digest need room to work."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from ingest.errors import IngestError

CHECK_PAUSE_S = 1.0
RETRY_AFTER_S = 60


class DiskGuard:
    """Knows, at most a second late, whether the disk under a folder has room left."""

    def __init__(
        self, folder: Path, min_free_percent: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder
        self._min_free_percent = min_free_percent
        self._clock = clock
        self._checked_until = float("-inf")
        self._is_full = False

    def check(self) -> None:
        """Raise IngestError 503 below the limit."""
        now = self._clock()
        if now >= self._checked_until:
            self._is_full = free_percent(self._folder) < self._min_free_percent
            self._checked_until = now + CHECK_PAUSE_S
        if self._is_full:
            detail = "The site's disk is nearly full."
            raise IngestError(503, detail, retry_after_s=RETRY_AFTER_S)


def free_percent(folder: Path) -> float:
    """How much of the disk under the folder anybody but root may still use."""
    stats = os.statvfs(folder)
    return 100 * stats.f_bavail / stats.f_blocks if stats.f_blocks else 100.0
