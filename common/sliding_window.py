"""How many of something came within the last so many seconds: a window that slides with the clock.

Up to EXACT_COUNT it knows each moment; above, it counts in SLOTS parts of the window, and an old
part leaves as a whole. In no stretch of the window's length is there ever more than the limit.
projects.limits.script says the same in Redis's language.
"""

from collections import deque
from dataclasses import dataclass

EXACT_COUNT = 1000
SLOTS = 60


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in any `window_s` seconds."""

    count: int
    window_s: int

    @property
    def is_exact(self) -> bool:
        """Whether each moment is remembered."""
        return self.count <= EXACT_COUNT

    @property
    def window_ms(self) -> int:
        return self.window_s * 1000

    @property
    def step_ms(self) -> int:
        """What is told apart: a millisecond, or a part of the window."""
        return 1 if self.is_exact else -(-self.window_ms // SLOTS)

    def fitting(self, amount: int) -> int:
        """The amount, or what fits into an empty window: more at once must not wait for ever."""
        return min(amount, self.count)

    def share(self, share: float) -> int:
        """How much of the count this share of it is; never nothing."""
        return max(1, int(self.count * share))


class SlidingWindow:
    """What passed lately, as steps of the window and how much came in each, oldest first.

    Times are milliseconds of any clock; where it steps back, the latest time stands.
    """

    __slots__ = ("_steps", "_used")

    def __init__(self) -> None:
        self._steps: deque[tuple[int, int]] = deque()
        self._used = 0

    def used(self, limit: Limit, now_ms: int) -> int:
        """How much of the limit is taken."""
        self._forget(limit, now_ms)
        return self._used

    def wait_ms(self, limit: Limit, amount: int, now_ms: int, share: float = 1.0) -> int:
        """0 when there is room for so much, else the milliseconds until there is.

        share: how much of the limit counts, up to 1.
        """
        room = limit.share(share)
        excess = self.used(limit, now_ms) + min(amount, room) - room
        if excess <= 0:
            return 0
        for step, passed in self._steps:
            excess -= passed
            if excess <= 0:
                return max(1, _leaves_at(limit, step) - now_ms)
        # More is taken than a limit that was lowered meanwhile leaves room for.
        return limit.window_ms

    def add(self, limit: Limit, amount: int, now_ms: int) -> None:
        """Count it as passed."""
        step, amount = now_ms // limit.step_ms, limit.fitting(amount)
        self._used += amount
        if self._steps and self._steps[-1][0] >= step:
            step, before = self._steps.pop()
            amount += before
        self._steps.append((step, amount))

    def _forget(self, limit: Limit, now_ms: int) -> None:
        steps = self._steps
        while steps and _leaves_at(limit, steps[0][0]) <= now_ms:
            self._used -= steps.popleft()[1]


def _leaves_at(limit: Limit, step: int) -> int:
    """When the last moment of a step is a window's length ago."""
    return step + limit.window_ms if limit.is_exact else (step + 1 + SLOTS) * limit.step_ms
