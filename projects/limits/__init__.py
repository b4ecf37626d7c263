"""How many may pass: sliding windows, in Redis for all processes, else in this one.

    wait_s = get_limiter().wait_s("native:7", "errors", Limit(100, 60))
    if wait_s:  # refuse with 429 and Retry-After: wait_s

What an answer of 0 let pass is counted. Calls may wait for Redis, never longer than half a second.
"""

import os
import threading

from django.conf import settings

from common.sliding_window import Limit
from projects.limits.asks import Ask, Limiter, Verdict
from projects.limits.local import LocalLimiter
from projects.limits.shared import SharedLimiter

__all__ = ["Ask", "Limit", "Limiter", "Verdict", "get_limiter", "set_limiter"]

_lock = threading.Lock()
_limiter: Limiter | None = None


def get_limiter() -> Limiter:
    """The process's one limiter, by the settings."""
    global _limiter
    if _limiter is None:
        with _lock:
            if _limiter is None:
                url = settings.REDIS_URL
                _limiter = SharedLimiter(url) if url else LocalLimiter()
    return _limiter


def set_limiter(limiter: Limiter | None) -> None:
    """Take this one instead; None: make the settings' one at the next call."""
    global _limiter
    _limiter = limiter


def _start_anew() -> None:
    """A forked child has no right to connections, and its locks may be held by nobody."""
    global _lock, _limiter
    _lock, _limiter = threading.Lock(), None


os.register_at_fork(after_in_child=_start_anew)
