"""Answers that are asked for again and again, remembered for seconds."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Question = TypeVar("Question", bound=Hashable)
Found = TypeVar("Found")


class RecentAnswers(Generic[Question, Found]):
    """What a function said, for ttl_s seconds; the oldest answers make room for new ones.

    None is an answer as well: what does not exist is asked for as often.
    """

    def __init__(
        self,
        ask: Callable[[Question], Found],
        *,
        ttl_s: float,
        max_entries: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._ttl_s = ttl_s
        self._max_entries = max_entries
        self._clock = clock
        self._lock = threading.Lock()
        self._answers: dict[Question, tuple[float, Found]] = {}

    def find(self, question: Question) -> Found:
        """The answer, at most ttl_s old. Raises what the function raises, and remembers nothing."""
        known = self._answers.get(question)
        if known is not None and known[0] > self._clock():
            return known[1]
        answer = self._ask(question)
        with self._lock:
            self._answers.pop(question, None)
            while len(self._answers) >= self._max_entries:
                del self._answers[next(iter(self._answers))]
            self._answers[question] = (self._clock() + self._ttl_s, answer)
        return answer

    def clear(self) -> None:
        """Remember nothing."""
        with self._lock:
            self._answers.clear()
