"""Django's cache in the Redis that holds the inbox, too. Its users are the limits on sign-in."""

import time
from typing import Any

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from ingest.inbox.redis_store import connection_options

log = structlog.get_logger(__name__)

# A page waits for the answer, and then does without Redis for a while.
ANSWER_TIMEOUT_S = 1.0
PAUSE_S = 5.0
# So many keys are deleted at once.
STEP = 500


class SharedRedisCache(RedisCache):
    """Django's Redis cache; while Redis is away, each process remembers by itself.

    So people can sign in during an outage, and attempts are limited all the same.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = connection_options(ANSWER_TIMEOUT_S) | params.get("OPTIONS", {})
        super().__init__(server, params | {"OPTIONS": options})
        self._own = LocMemCache("shared-cache-away", params)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return bool(self._ask("add", key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._ask("set", key, value, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask("delete", key, version))

    def clear(self) -> None:
        """Empty the cache alone: the original drops all that this Redis database holds."""
        client = self._cache.get_client(None, write=True)
        found = list(client.scan_iter(self.make_key("*"), count=STEP))
        for start in range(0, len(found), STEP):
            client.delete(*found[start : start + STEP])

    def _ask(self, method: str, *arguments: Any) -> Any:
        global _away_until
        if time.monotonic() >= _away_until:
            try:
                return getattr(super(), method)(*arguments)
            except (RedisError, OSError) as error:
                _away_until = time.monotonic() + PAUSE_S
                log.warning("cache.away", error=str(error), again_in_s=PAUSE_S)
        return getattr(self._own, method)(*arguments)


# Of the process: Django makes a cache for each thread.
_away_until = 0.0
