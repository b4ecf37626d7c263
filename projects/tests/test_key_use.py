"""When a native key was last used: written beside the request, and never in its way."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from projects import tasks
from projects.native_key_services import create_native_key

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_moment_is_written() -> None:
    key, _ = create_native_key(project=None, label="Worker")
    tasks.write_native_key_use(key.pk, NOW.isoformat())
    key.refresh_from_db()
    assert key.last_used_at == NOW


@pytest.mark.django_db
def test_a_key_that_is_gone_harms_nothing() -> None:
    tasks.write_native_key_use(7, NOW.isoformat())


def test_a_broker_that_is_away_or_hangs_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[int] = []
    goes_on = threading.Event()

    def fail(arguments: tuple[Any, ...], **options: Any) -> None:
        goes_on.wait(5)
        tried.append(arguments[0])
        raise OperationalError("the broker is away")

    monkeypatch.setattr(tasks.write_native_key_use, "apply_async", fail)
    for key_id in (7, 8):
        tasks.note_key_use(key_id, NOW)
    assert tried == []
    goes_on.set()
    tasks.notes.wait()
    assert tried == [7, 8]
