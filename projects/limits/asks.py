"""What a limiter is asked, and what it says."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from common.sliding_window import Limit


@dataclass(frozen=True, slots=True)
class Ask:
    """Whether so much more may pass: every window needs room, or nothing is counted in any.

    windows: a name and a limit of each; one name is one window of its owner.
    """

    amount: int
    windows: tuple[tuple[str, Limit], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Seconds to wait, 0 when it passed, and the place among the windows that is full longest."""

    wait_s: int
    full: int = 0


PASSED = Verdict(0)


def verdict_of(waits_ms: Sequence[int]) -> Verdict:
    """The answer to an ask whose windows have room after so many milliseconds each."""
    longest = max(waits_ms)
    if not longest:
        return PASSED
    return Verdict(-(-longest // 1000), waits_ms.index(longest))


class Limiter(ABC):
    """Decides for one owner at a time: a project, an address."""

    @abstractmethod
    def check(self, owner: str, asks: Sequence[Ask]) -> list[Verdict]:
        """A verdict on each ask, in one step; what passed is counted."""

    def wait_s(self, owner: str, name: str, limit: Limit, amount: int = 1) -> int:
        """Seconds until so much may pass a single window; 0: it passed now, and is counted."""
        (verdict,) = self.check(owner, [Ask(amount, ((name, limit),))])
        return verdict.wait_s

    @property
    def may_wait(self) -> bool:
        """Whether a check may wait for another machine, so that no event loop may make it."""
        return False
