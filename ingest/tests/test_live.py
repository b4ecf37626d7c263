"""Messages for open pages, when the Redis that carries them is away."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from ingest import live

MESSAGE = {"type": "issues.changed", "project": 7}


@pytest.fixture
def dying() -> Iterator[socket.socket]:
    """A server that takes connections, and that nothing more is heard of."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture(autouse=True)
def _layer(dying: socket.socket, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    host, port = dying.getsockname()
    address = {"address": f"redis://{host}:{port}/0", "socket_timeout": 0.2}
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [address]},
        }
    }
    monkeypatch.setattr(live, "_silent_until", 0.0)


def test_a_layer_that_hangs_is_tried_once_and_disturbs_nobody(dying: socket.socket) -> None:
    for _ in range(3):
        live.publish(7, MESSAGE)

    dying.setblocking(False)
    dying.accept()[0].close()
    with pytest.raises(BlockingIOError):
        dying.accept()


def test_a_layer_that_refuses_disturbs_nobody(dying: socket.socket) -> None:
    dying.close()

    live.publish(7, MESSAGE)
