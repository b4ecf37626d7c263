"""A sign of life for health checks: a file whose time says when its process last did its round."""

from pathlib import Path
from typing import Any

from celery import bootsteps
from django.conf import settings

BEAT_EVERY_S = 5.0


def beat_heart() -> None:
    """Set the file's time to now; without HEARTBEAT_FILE nobody looks."""
    if settings.HEARTBEAT_FILE:
        Path(settings.HEARTBEAT_FILE).touch()


class Heart(bootsteps.StartStopStep):
    """Beats from the worker's own loop, so that a loop that hangs is noticed."""

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        beat_heart()
        parent.timer.call_repeatedly(BEAT_EVERY_S, beat_heart)
