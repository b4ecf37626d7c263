"""Waking the digest: a Celery message without data, at most one outstanding."""

import time

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

DIGEST_TASK = "ingest.tasks.digest_inbox"
# A wake-up that a broker lost costs this long, never a message: the inbox keeps those.
LOST_AFTER_S = 1.0

_sent_at = -LOST_AFTER_S


def wake_digest() -> None:
    """Send the wake-up unless one is under way. Never raises: beat wakes the digest anyway."""
    global _sent_at
    now = time.monotonic()
    if now - _sent_at < LOST_AFTER_S:
        return
    _sent_at = now
    try:
        current_app.send_task(DIGEST_TASK, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("digest.wake_failed", error=str(error))


def wake_used_up() -> None:
    """The digest finds nothing more: whatever comes from now on deserves a wake-up of its own."""
    global _sent_at
    _sent_at = -LOST_AFTER_S
