"""How far a replica is behind, by where the primary's log stood when. No Django.

Not by clocks: two hosts' clocks differ, an idle primary sends no transactions to tell the time
by, and a replica that is cut off looks as if it had nothing left to replay.
"""

from collections import deque

# One look a second: lags of a minute can be told.
MAX_MARKS = 61


class LagMeter:
    """Positions in the primary's log (bytes), each with the moment it was seen (seconds)."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque(maxlen=MAX_MARKS)

    def note(self, moment_s: float, position: int) -> None:
        """The primary's log stood here."""
        self._marks.append((moment_s, position))

    def lag_s(self, now_s: float, replayed: int) -> float | None:
        """Seconds since the replica's state was the primary's; None when longer than is known."""
        while len(self._marks) > 1 and self._marks[1][1] <= replayed:
            self._marks.popleft()
        if not self._marks or self._marks[0][1] > replayed:
            return None
        return now_s - self._marks[0][0]
