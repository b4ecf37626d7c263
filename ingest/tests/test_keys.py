"""The key cache: quick, bounded, and soon aware of what changed."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from ingest import keys
from ingest.errors import IngestError
from ingest.keys import THREADS, TTL_S, KeyCache, KeyNotCached, load_key
from ingest.protocol.auth import KnownKey
from projects.models import Project, ProjectKey

KEY = "a" * 32
KNOWN = KnownKey(key_id=1, project_id=7, allowed_origins=("*",), is_active=True)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Loader:
    """A database of keys that counts how often it is asked, and can go away."""

    def __init__(self, **keys: KnownKey) -> None:
        self.keys = keys
        self.asked: list[str] = []
        self.fault: Exception | None = None

    def __call__(self, public_key: str) -> KnownKey | None:
        self.asked.append(public_key)
        if self.fault:
            raise self.fault
        return self.keys.get(public_key)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def loader() -> Loader:
    return Loader(**{KEY: KNOWN})


@pytest.fixture
def cache(loader: Loader, clock: Clock) -> KeyCache:
    return KeyCache(loader, max_entries=3, clock=clock)


def test_a_key_is_asked_for_once(cache: KeyCache, loader: Loader) -> None:
    assert [cache.find(KEY) for _ in range(3)] == [KNOWN] * 3
    assert cache.peek(KEY) == KNOWN
    assert loader.asked == [KEY]


def test_an_unknown_key_is_remembered_too(cache: KeyCache, loader: Loader) -> None:
    assert cache.find("nobody") is None
    assert cache.peek("nobody") is None
    assert loader.asked == ["nobody"]


def test_peek_never_asks(cache: KeyCache, loader: Loader) -> None:
    with pytest.raises(KeyNotCached) as missing:
        cache.peek(KEY)
    assert missing.value.public_key == KEY
    assert loader.asked == []


def test_a_change_is_seen_after_seconds(cache: KeyCache, loader: Loader, clock: Clock) -> None:
    cache.find(KEY)
    loader.keys.clear()
    assert cache.find(KEY) == KNOWN

    clock.now += TTL_S + 0.1

    assert cache.find(KEY) is None


def test_a_flood_of_unknown_keys_stays_bounded(cache: KeyCache, loader: Loader) -> None:
    for number in range(50):
        cache.find(f"unknown-{number}")

    assert len(cache._entries) == 3
    assert cache.find(KEY) == KNOWN


@pytest.mark.parametrize("fault", [OperationalError(), InterfaceError()])
def test_known_keys_work_while_the_database_is_away(
    cache: KeyCache, loader: Loader, clock: Clock, fault: Exception
) -> None:
    cache.find(KEY)
    loader.fault = fault
    clock.now += 1000

    assert cache.find(KEY) == KNOWN
    assert cache.peek(KEY) == KNOWN
    with pytest.raises(IngestError) as refusal:
        cache.find("another")
    assert (refusal.value.status, refusal.value.retry_after_s) == (503, 10)


def test_requests_with_one_key_share_a_look_up(clock: Clock) -> None:
    may_answer = threading.Event()
    asked: list[str] = []

    def load(public_key: str) -> KnownKey:
        asked.append(public_key)
        assert may_answer.wait(30)
        return KNOWN

    cache = KeyCache(load, wait_s=30, clock=clock)
    with ThreadPoolExecutor(8) as threads:
        found = [threads.submit(cache.find, KEY) for _ in range(8)]
        while not asked:
            time.sleep(0.01)
        may_answer.set()
        assert {future.result() for future in found} == {KNOWN}

    assert asked == [KEY]


class HangingDatabase:
    """A server that takes connections and says nothing, from one moment on."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.hangs = False

    def load(self, public_key: str) -> KnownKey | None:
        if not self.hangs:
            return KNOWN if public_key == KEY else None
        host, port = self.address
        try:
            psycopg.connect(host=host, port=port, connect_timeout=60).close()
        except psycopg.OperationalError as error:
            raise OperationalError from error
        raise AssertionError


@pytest.fixture
def hanging() -> Iterator[HangingDatabase]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield HangingDatabase(listener.getsockname())


def test_a_database_that_hangs_holds_up_no_known_key(
    hanging: HangingDatabase, clock: Clock
) -> None:
    cache = KeyCache(hanging.load, wait_s=0.2, clock=clock)
    cache.find(KEY)
    hanging.hangs = True
    clock.now += 1000

    assert cache.find(KEY) == KNOWN
    assert cache.peek(KEY) == KNOWN
    clock.now += 1000
    assert asyncio.run(cache.find_soon(KEY)) == KNOWN


def test_a_database_that_hangs_refuses_new_keys_in_time(
    hanging: HangingDatabase, clock: Clock
) -> None:
    cache = KeyCache(hanging.load, wait_s=0.2, clock=clock)
    hanging.hangs = True
    for number in range(3 * THREADS):
        with pytest.raises(IngestError) as refusal:
            cache.find(f"new-{number}")
        assert refusal.value.status == 503
    with pytest.raises(IngestError):
        asyncio.run(cache.find_soon("new-0"))


def test_look_ups_under_way_are_bounded(
    hanging: HangingDatabase, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MAX_FLIGHTS", 2)
    cache = KeyCache(hanging.load, wait_s=0.01, clock=clock)
    hanging.hangs = True
    for number in range(5):
        with pytest.raises(IngestError):
            cache.find(f"new-{number}")

    assert len(cache._flights) == 2


def test_a_look_up_that_was_late_is_not_lost(clock: Clock) -> None:
    may_answer = threading.Event()

    def load(public_key: str) -> KnownKey:
        assert may_answer.wait(30)
        return KNOWN

    cache = KeyCache(load, wait_s=0.01, clock=clock)
    with pytest.raises(IngestError):
        cache.find(KEY)
    flight = cache._flights[KEY]
    may_answer.set()
    flight.landed.result(timeout=30)

    assert cache.peek(KEY) == KNOWN


def test_a_fault_of_our_own_refuses_and_is_logged(
    loader: Loader, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    loader.fault = ValueError("not the database's")
    cache = KeyCache(loader, clock=clock)
    with pytest.raises(IngestError):
        cache.find(KEY)
    loader.fault = None

    assert cache.find(KEY) == KNOWN
    assert any("keys.look_up_failed" in str(record.msg) for record in caplog.records)


@pytest.fixture
def key(db: None) -> ProjectKey:
    project = Project.objects.create(name="Shop", slug="shop", short_prefix="SHOP")
    return ProjectKey.objects.create(project=project)


def test_a_key_is_loaded_with_its_project(key: ProjectKey) -> None:
    Project.objects.update(allowed_origins="https://a.b\n*.c.d\n")

    expected = KnownKey(key.pk, key.project_id, ("https://a.b", "*.c.d"), is_active=True)
    assert load_key(key.public_key) == expected
    assert load_key("0" * 32) is None


def test_a_revoked_key_is_inactive(key: ProjectKey) -> None:
    ProjectKey.objects.update(revoked_at=timezone.now())

    expected = KnownKey(key.pk, key.project_id, ("*",), is_active=False)
    assert load_key(key.public_key) == expected


def test_the_key_of_a_deleted_project_is_inactive(key: ProjectKey) -> None:
    Project.objects.update(deleted_at=timezone.now())

    known = load_key(key.public_key)

    assert known is not None
    assert not known.is_active


def test_a_project_without_origins_takes_all(key: ProjectKey) -> None:
    Project.objects.update(allowed_origins="")

    known = load_key(key.public_key)

    assert known is not None
    assert known.allowed_origins == ("*",)
