"""Waking the digest: once, however much comes, and never at the accept side's expense."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app

from ingest import wake
from ingest.wake import LOST_AFTER_S, wake_digest, wake_used_up


def waiting() -> int:
    """How many wake-ups lie in the digest's queue."""
    with current_app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        return int(channel.queue_declare("digest").message_count)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """No wake-up lies in the queue or is under way."""
    with current_app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        channel.queue_declare("digest")
        channel.queue_purge("digest")
    wake_used_up()
    yield
    wake_used_up()


def test_many_messages_send_one_wake_up() -> None:
    for _ in range(5):
        wake_digest()

    assert waiting() == 1


def test_what_comes_after_the_last_look_wakes_again() -> None:
    wake_digest()
    wake_used_up()
    wake_digest()

    assert waiting() == 2


def test_a_lost_wake_up_is_sent_again_a_second_later(monkeypatch: pytest.MonkeyPatch) -> None:
    wake_digest()
    monkeypatch.setattr(wake, "_sent_at", wake._sent_at - LOST_AFTER_S)
    wake_digest()

    assert waiting() == 2


def test_a_broker_that_is_away_is_no_fault_of_the_sender(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(current_app, "send_task", refuse)
    wake_digest()

    assert waiting() == 0
