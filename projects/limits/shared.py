"""Windows in Redis, the same for all processes; while it is away, each keeps to its own share."""

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

from common.sliding_window import Limit
from projects.limits.asks import Ask, Limiter, Verdict, verdict_of
from projects.limits.local import LocalLimiter
from projects.limits.script import CHECK

log = structlog.get_logger(__name__)

TIMEOUT_S = 0.25
# So long Redis is left alone once it failed; then one request asks again.
PAUSE_S = 3.0
# A share is learnt from windows that hold at least so much.
TELLING_COUNT = 10
_SHA = hashlib.sha1(CHECK.encode(), usedforsecurity=False).hexdigest()


class SharedLimiter(Limiter):
    """Right for any number of processes; what this one let pass it also counts for itself.

    So it knows its share of what all let pass. While Redis is away it lets as much pass as that.
    """

    def __init__(self, redis_url: str, *, pause_s: float = PAUSE_S) -> None:
        self._redis = Redis.from_url(
            redis_url,
            protocol=2,
            socket_connect_timeout=TIMEOUT_S,
            socket_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._own = LocalLimiter()
        self._share = 1.0
        self._pause_s = pause_s
        self._away_until = 0.0
        self._asking = threading.Lock()

    @property
    def may_wait(self) -> bool:
        return True

    def check(self, owner: str, asks: Sequence[Ask]) -> list[Verdict]:
        if not self._away_until:
            return self._ask_redis(owner, asks)
        # One finds out whether Redis is back, the others need not wait for it.
        if time.monotonic() >= self._away_until and self._asking.acquire(blocking=False):
            try:
                return self._ask_redis(owner, asks)
            finally:
                self._asking.release()
        return self._decide_alone(owner, asks)

    def _ask_redis(self, owner: str, asks: Sequence[Ask]) -> list[Verdict]:
        try:
            answer = self._run(owner, asks)
        except (RedisError, OSError) as error:
            if not self._away_until:
                log.warning("limits.redis_away", error=str(error), share=round(self._share, 3))
            self._away_until = time.monotonic() + self._pause_s
            return self._decide_alone(owner, asks)
        self._away_until = 0.0
        pairs = iter(zip(answer[::2], answer[1::2], strict=True))
        return [self._learn(owner, ask, [next(pairs) for _ in ask.windows]) for ask in asks]

    def _run(self, owner: str, asks: Sequence[Ask]) -> list[int]:
        keys = [_key(owner, name, limit) for ask in asks for name, limit in ask.windows]
        arguments: list[str | int] = [
            "",
            *(argument for ask in asks for argument in _arguments(ask)),
        ]
        try:
            found: Any = self._redis.evalsha(_SHA, len(keys), *keys, *arguments)
        except NoScriptError:
            found = self._redis.eval(CHECK, len(keys), *keys, *arguments)
        return list(found)

    def _learn(self, owner: str, ask: Ask, found: Sequence[tuple[int, int]]) -> Verdict:
        verdict = verdict_of([wait_ms for wait_ms, _ in found])
        if not verdict.wait_s:
            for mine, (_, used) in zip(self._own.count(owner, ask), found, strict=True):
                if used >= TELLING_COUNT:
                    self._share = min(1.0, mine / used)
        return verdict

    def _decide_alone(self, owner: str, asks: Sequence[Ask]) -> list[Verdict]:
        return self._own.check_share(owner, asks, self._share)


def _key(owner: str, name: str, limit: Limit) -> str:
    how = "moments" if limit.is_exact else "slots"
    return f"{{catchall:limit:{owner}}}:{name}:{limit.window_s}:{how}"


def _arguments(ask: Ask) -> Iterator[int]:
    yield ask.amount
    yield len(ask.windows)
    for _, limit in ask.windows:
        yield from (limit.count, limit.window_ms, limit.step_ms, int(limit.is_exact))
