"""Whether Redis keeps what it answered for: its settings, looked at when used and now and then."""

import threading
import time
from collections.abc import Mapping
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import ConnectionError, ResponseError, TimeoutError

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 300.0
_NAMES = ("appendonly", "appendfsync", "maxmemory", "maxmemory-policy")


class Durability:
    """Remembers what is wrong with the settings; each sentence is logged once."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._look_at = 0.0
        self._warnings: list[str] = []

    def warnings(self) -> list[str]:
        """A sentence for each setting that can lose messages, at most five minutes old.

        Raises: redis's ConnectionError, TimeoutError.
        """
        with self._lock:
            if time.monotonic() >= self._look_at:
                found = warnings_of(self._settings())
                for sentence in found:
                    if sentence not in self._warnings:
                        log.warning("inbox.not_durable", detail=sentence)
                self._warnings = found
                self._look_at = time.monotonic() + LOOK_EVERY_S
            return list(self._warnings)

    def _settings(self) -> Mapping[Any, Any] | None:
        try:
            return self._client.config_get(*_NAMES)
        except (ConnectionError, TimeoutError):
            raise
        except ResponseError:
            # Managed servers keep the command to themselves.
            return None


def warnings_of(settings: Mapping[Any, Any] | None) -> list[str]:
    """What is wrong with these settings of Redis; None: it does not tell them."""
    if settings is None:
        return ["Redis does not tell its settings; see that it runs with appendfsync always."]
    found = []
    if settings["appendonly"] != "yes":
        found.append(
            "Redis runs with appendonly no: a restart loses what waits in the inbox. Set it to yes."
        )
    elif settings["appendfsync"] != "always":
        found.append(
            f"Redis runs with appendfsync {settings['appendfsync']}:"
            " a power cut loses messages that were answered for. Set it to always."
        )
    policy = settings["maxmemory-policy"]
    if settings["maxmemory"] != "0" and policy.startswith("allkeys"):
        found.append(f"Redis runs with maxmemory-policy {policy}: when full it drops messages.")
    return found


def refusals_of(info: Mapping[str, Any]) -> list[str]:
    """Why Redis can be read but takes nothing now, by what its command INFO tells."""
    found = []
    if info.get("role") == "slave":
        found.append("Redis is a replica and takes nothing: it waits in PostgreSQL meanwhile.")
    max_bytes = info.get("maxmemory", 0)
    if max_bytes and info.get("used_memory", 0) >= max_bytes:
        found.append(
            f"Redis is full: it holds its maxmemory of {max_bytes} bytes."
            " What comes waits in PostgreSQL meanwhile."
        )
    return found


def read_info(client: Redis) -> Mapping[str, Any]:
    """What INFO tells; nothing where a managed server keeps it to itself.

    Raises: redis's ConnectionError, TimeoutError.
    """
    try:
        return client.info()
    except ResponseError:
        return {}
