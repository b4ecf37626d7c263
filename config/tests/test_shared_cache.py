"""The cache beside the inbox in one Redis, and without it."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from redis import Redis

from accounts.models import User
from config import shared_cache
from config.shared_cache import SharedRedisCache
from tests.needs import Missing, leave_out
from tests.servers import OwnRedis, own_redis


@pytest.fixture(autouse=True)
def _redis_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_cache, "_away_until", 0.0)


@pytest.fixture
def server() -> Iterator[OwnRedis]:
    try:
        with own_redis() as server:
            yield server
    except Missing as missing:
        leave_out(str(missing))


@pytest.mark.redis
def test_clearing_the_cache_leaves_what_waits(server: OwnRedis) -> None:
    cache = SharedRedisCache(server.url(), {"KEY_PREFIX": "catchall:cache"})
    cache.set_many({f"name-{number}": number for number in range(1200)})
    with Redis.from_url(server.url()) as client:
        client.xadd("{catchall:inbox:1}:stream", {"body": "an event"})

        cache.clear()

        assert cache.get("name-7") is None
        assert client.keys() == [b"{catchall:inbox:1}:stream"]
    cache.close()


def test_a_redis_that_hangs_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_cache, "ANSWER_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        cache = SharedRedisCache(f"redis://127.0.0.1:{hanging.getsockname()[1]}/0", {})
        assert cache.add("attempts", 1)
        assert not cache.add("attempts", 1)
        cache.set("attempts", 2)
        assert cache.get("attempts") == 2
        assert cache.delete("attempts")
        assert cache.get("attempts", 0) == 0

        hanging.setblocking(False)
        hanging.accept()[0].close()
        with pytest.raises(BlockingIOError):
            hanging.accept()
    cache.close()


@pytest.mark.django_db
def test_people_sign_in_while_redis_is_away_and_attempts_are_limited(
    settings: Any, client: Client
) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "config.shared_cache.SharedRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    User.objects.create_user("Ana", "ana@example.com", "correct horse battery")

    def sign_in(password: str) -> Any:
        return client.post("/accounts/login/", {"login": "Ana", "password": password})

    assert sign_in("correct horse battery").status_code == 302
    client.logout()
    for _ in range(5):
        assert sign_in("guess").status_code == 200
    assert "_auth_user_id" not in client.session
    refused = sign_in("correct horse battery")
    assert refused.status_code != 302
