"""Work of the projects app that must not keep a request waiting."""

from contextlib import suppress
from datetime import datetime

from celery import shared_task
from kombu.exceptions import OperationalError

from common.background import Background
from projects.native_key_services import note_native_key_use


@shared_task(ignore_result=True)
def write_native_key_use(key_id: int, used_at: str) -> None:
    """Keep when a native key was last used (ISO 8601)."""
    note_native_key_use(key_id=key_id, now=datetime.fromisoformat(used_at))


# A broker that is away or hangs costs this note, and no request.
notes = Background("key-use")


def note_key_use(key_id: int, now: datetime) -> None:
    """Have it written soon. Never blocks."""
    notes.run(lambda: _send(key_id, now))


def _send(key_id: int, now: datetime) -> None:
    with suppress(OperationalError):
        write_native_key_use.apply_async((key_id, now.isoformat()), retry=False)
