"""Attempts to guess a native key: counted by address, so that whoever guesses waits."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from rest_framework.exceptions import APIException

from common.sliding_window import Limit
from projects.limits import get_limiter

Key = TypeVar("Key")
Value = TypeVar("Value")

FAILURES = Limit(30, 60)
# Addresses that wait, and pairs of address and key that worked: the oldest are forgotten.
MAX_REMEMBERED = 10_000


class TooManyAttempts(APIException):
    """429 in the words of native clients."""

    status_code = 429

    def __init__(self, wait_s: int) -> None:
        super().__init__()
        self.wait = wait_s
        # Not through the parent, which would make the number a text.
        body: Any = {"detail": "Rate limit exceeded", "retry_after": wait_s}
        self.detail = body


class Attempts:
    """Lets an address fail FAILURES times; then unknown keys from there are not even looked up.

    A key that has worked from an address goes on working there: another program on the same host
    may have a wrong one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._waits: OrderedDict[str, float] = OrderedDict()
        self._worked: OrderedDict[tuple[str, str], None] = OrderedDict()

    def check(self, address: str, secret_hash: str) -> None:
        """Raises TooManyAttempts for an address that waits, unless this key worked there."""
        until = self._waits.get(address)
        if until is None or (address, secret_hash) in self._worked:
            return
        wait_s = until - self._clock()
        if wait_s > 0:
            raise TooManyAttempts(int(wait_s) + 1)

    def note_success(self, address: str, secret_hash: str) -> None:
        """This key works from this address."""
        if (address, secret_hash) not in self._worked:
            with self._lock:
                _remember(self._worked, (address, secret_hash), None)

    def note_failure(self, address: str) -> None:
        """Count it. Raises TooManyAttempts when it was one too many."""
        wait_s = get_limiter().wait_s(f"address:{address}", "keys", FAILURES)
        if wait_s:
            with self._lock:
                _remember(self._waits, address, self._clock() + wait_s)
            raise TooManyAttempts(wait_s)

    def clear(self) -> None:
        """Remember nothing; for tests."""
        with self._lock:
            self._waits.clear()
            self._worked.clear()


def _remember(known: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    known[key] = value
    known.move_to_end(key)
    while len(known) > MAX_REMEMBERED:
        known.popitem(last=False)


attempts = Attempts()
