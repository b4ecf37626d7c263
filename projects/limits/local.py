"""Windows in this process's memory."""

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence

from common.sliding_window import Limit, SlidingWindow
from projects.limits.asks import Ask, Limiter, Verdict, verdict_of

# Of each kind of owner; beyond, the one that was asked for longest ago is forgotten. Apart, so that
# a flood from many addresses makes nobody forget a project's window.
MAX_WINDOWS = 10_000
_Windows = OrderedDict[tuple[str, str, int, bool], SlidingWindow]


def monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class LocalLimiter(Limiter):
    """Right for any number of threads of one process."""

    def __init__(self, clock_ms: Callable[[], int] = monotonic_ms) -> None:
        self._clock_ms = clock_ms
        self._lock = threading.Lock()
        # By the word before the colon of an owner.
        self._windows: defaultdict[str, _Windows] = defaultdict(OrderedDict)

    def check(self, owner: str, asks: Sequence[Ask]) -> list[Verdict]:
        return self.check_share(owner, asks, 1.0)

    def check_share(self, owner: str, asks: Sequence[Ask], share: float) -> list[Verdict]:
        """As check, with this share of each limit."""
        with self._lock:
            return [self._decide(owner, ask, share, self._clock_ms()) for ask in asks]

    def count(self, owner: str, ask: Ask) -> list[int]:
        """Count what passed elsewhere; how much each window holds then."""
        with self._lock:
            now_ms = self._clock_ms()
            pairs = self._windows_of(owner, ask)
            for limit, window in pairs:
                window.add(limit, ask.amount, now_ms)
            return [window.used(limit, now_ms) for limit, window in pairs]

    def _decide(self, owner: str, ask: Ask, share: float, now_ms: int) -> Verdict:
        pairs = self._windows_of(owner, ask)
        verdict = verdict_of(
            [window.wait_ms(limit, ask.amount, now_ms, share) for limit, window in pairs]
        )
        if not verdict.wait_s:
            for limit, window in pairs:
                window.add(limit, ask.amount, now_ms)
        return verdict

    def _windows_of(self, owner: str, ask: Ask) -> list[tuple[Limit, SlidingWindow]]:
        return [(limit, self._window(owner, name, limit)) for name, limit in ask.windows]

    def _window(self, owner: str, name: str, limit: Limit) -> SlidingWindow:
        windows = self._windows[owner.partition(":")[0]]
        key = (owner, name, limit.window_s, limit.is_exact)
        window = windows.get(key)
        if window is None:
            window = windows[key] = SlidingWindow()
            if len(windows) > MAX_WINDOWS:
                windows.popitem(last=False)
        else:
            windows.move_to_end(key)
        return window
