"""Waking the digest: once, however much comes, and never at the accept side's expense."""

from typing import Any

import pytest
from celery import current_app

from ingest import wake
from ingest.wake import LOST_AFTER_S, Sender, send_wake_up, wake_digest, wake_used_up
from tests.server import wait_until


class Broker:
    """Takes what is sent in place of the real one, or is away."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.is_away = False
        self.refused = 0

    def send_task(self, name: str, **options: Any) -> None:
        assert name == wake.DIGEST_TASK
        if self.is_away:
            self.refused += 1
            raise ConnectionRefusedError("it is away")
        self.sent.append(options)

    def sources(self, count: int) -> list[int | None]:
        """What the first so many wake-ups were for, once they have been sent."""
        wait_until(lambda: len(self.sent) >= count, "a wake-up", pause_s=0.01)
        return [options["kwargs"].get("source") for options in self.sent]


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    broker = Broker()
    monkeypatch.setattr(current_app, "send_task", broker.send_task)
    monkeypatch.setattr(wake, "_sent_at", {})
    monkeypatch.setattr(wake, "_sender", Sender())
    return broker


def test_many_messages_send_one_wake_up(broker: Broker) -> None:
    for _ in range(5):
        wake_digest(0)
    send_wake_up(7)

    assert broker.sources(2) == [0, 7]


def test_each_source_has_a_wake_up_of_its_own(broker: Broker) -> None:
    wake_digest(1)
    wake_digest(2)

    assert set(broker.sources(2)) == {1, 2}


def test_what_comes_after_the_last_look_wakes_again(broker: Broker) -> None:
    wake_digest(1)
    assert broker.sources(1) == [1]
    wake_used_up(1)
    wake_digest(1)

    assert broker.sources(2) == [1, 1]


def test_a_lost_wake_up_is_sent_again_a_second_later(broker: Broker) -> None:
    wake_digest(1)
    assert broker.sources(1) == [1]
    wake._sent_at[1] -= LOST_AFTER_S
    wake_digest(1)

    assert broker.sources(2) == [1, 1]


def test_a_wake_up_that_nobody_took_expires(broker: Broker) -> None:
    send_wake_up(None)

    assert broker.sources(1) == [None]
    assert broker.sent[0]["expires"] == wake.EXPIRES_S


def test_a_broker_that_was_away_is_used_again(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wake, "LOST_AFTER_S", 0.0)
    broker.is_away = True
    send_wake_up(1)
    wait_until(lambda: broker.refused, "a wake-up to be refused", pause_s=0.01)

    broker.is_away = False
    send_wake_up(2)

    assert broker.sources(1) == [2]


def test_a_wake_up_reaches_the_digests_queue() -> None:
    with current_app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        channel.queue_declare("digest")
        channel.queue_purge("digest")
        wake._send(3)
        message = channel.basic_get("digest", no_ack=True)

    assert message.payload[1] == {"source": 3}
