"""Beat's schedules, from the database; they go on when the clock was set back."""

import time
from datetime import datetime
from typing import Any

from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry


class SteadyEntry(ModelEntry):  # type: ignore[misc]  # untyped
    """A schedule whose last run does not lie in the future, where it would be due only after it."""

    last_run_at: datetime

    def __init__(self, model: PeriodicTask, app: Any = None) -> None:
        super().__init__(model, app=app)
        self.last_run_at = min(self.last_run_at, self._default_now())


class SteadyScheduler(DatabaseScheduler):  # type: ignore[misc]  # untyped
    """Reads all schedules anew once time runs from an earlier moment again.

    Otherwise nothing would be due until the clock has caught up.
    """

    Entry = SteadyEntry
    _last_tick_at = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send at most one task that is due; the seconds until the next tick."""
        now = time.time()
        if now < self._last_tick_at:
            self._initial_read, self._heap = True, None
        self._last_tick_at = now
        return float(super().tick(*args, **kwargs))
