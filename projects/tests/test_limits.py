"""Limiters: in the process, in Redis for many, and alone while Redis is away."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from common.sliding_window import Limit, SlidingWindow
from projects import limits
from projects.limits import Ask, Limiter
from projects.limits.local import MAX_WINDOWS, LocalLimiter
from projects.limits.script import CHECK
from projects.limits.shared import SharedLimiter
from tests.needs import Missing, leave_out
from tests.servers import OwnRedis, own_redis

CONNECTIONS = 32
EXACT, ROUGH = Limit(100, 60), Limit(1500, 60)


@pytest.fixture(scope="module")
def redis_of_these() -> Iterator[OwnRedis]:
    try:
        with own_redis() as server:
            yield server
    except Missing as missing:
        leave_out(str(missing))


@pytest.fixture
def redis_server(redis_of_these: OwnRedis) -> OwnRedis:
    with Redis.from_url(redis_of_these.url()) as client:
        client.flushall()
    return redis_of_these


@pytest.fixture(params=["local", pytest.param("shared", marks=pytest.mark.redis)])
def limiter(request: pytest.FixtureRequest) -> Limiter:
    if request.param == "local":
        return LocalLimiter()
    return SharedLimiter(request.getfixturevalue("redis_server").url())


def passed_of(limiter: Limiter, limit: Limit, tries: int) -> int:
    return sum(not limiter.wait_s("project:7", "error", limit) for _ in range(tries))


@pytest.mark.parametrize("limit", [EXACT, ROUGH])
def test_thirty_two_at_once_let_exactly_the_limit_pass(limiter: Limiter, limit: Limit) -> None:
    tries = limit.count // CONNECTIONS + 20
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        counts = threads.map(lambda _: passed_of(limiter, limit, tries), range(CONNECTIONS))

    assert sum(counts) == limit.count


def _in_a_process(url: str, limit: Limit, tries: int) -> int:
    return passed_of(SharedLimiter(url), limit, tries)


@pytest.mark.redis
@pytest.mark.parametrize("limit", [EXACT, ROUGH])
def test_two_processes_share_one_limit(redis_server: OwnRedis, limit: Limit) -> None:
    arguments = [(redis_server.url(), limit, limit.count * 3 // 4)] * 2
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        counts = pool.starmap(_in_a_process, arguments)

    assert sum(counts) == limit.count


def test_one_full_window_of_an_ask_counts_in_none(limiter: Limiter) -> None:
    both = Ask(1, (("project", Limit(10, 60)), ("key", Limit(2, 60))))
    verdicts = [limiter.check("project:7", [both])[0] for _ in range(5)]

    assert [bool(verdict.wait_s) for verdict in verdicts] == [False, False, True, True, True]
    assert verdicts[-1].full == 1
    # The project's window still has room for eight.
    (verdict,) = limiter.check("project:7", [Ask(8, (("project", Limit(10, 60)),))])
    assert not verdict.wait_s


def test_each_ask_is_decided_by_itself(limiter: Limiter) -> None:
    limit = Limit(1, 60)
    asks = [Ask(1, (("error", limit),)), Ask(1, (("session", limit),))]
    limiter.check("project:7", asks[:1])

    first, second = limiter.check("project:7", asks)

    assert (first.wait_s, second.wait_s) == (60, 0)


def test_owners_have_nothing_in_common(limiter: Limiter) -> None:
    assert not limiter.wait_s("project:7", "error", Limit(1, 60))
    assert not limiter.wait_s("project:8", "error", Limit(1, 60))


def test_memory_is_bounded() -> None:
    limiter = LocalLimiter()
    for number in range(MAX_WINDOWS + 50):
        limiter.wait_s(f"address:{number}", "requests", Limit(5, 60))

    assert len(limiter._windows["address"]) == MAX_WINDOWS


def test_a_flood_from_many_addresses_frees_no_project_of_its_limit() -> None:
    limiter, limit = LocalLimiter(), Limit(1, 60)
    assert not limiter.wait_s("project:7", "error", limit)
    for number in range(MAX_WINDOWS + 1):
        limiter.wait_s(f"address:{number}", "requests", limit)

    assert limiter.wait_s("project:7", "error", limit)


@pytest.mark.redis
@pytest.mark.parametrize("limit", [Limit(7, 3), Limit(1000, 2), Limit(1001, 3), Limit(4000, 1)])
def test_redis_and_python_count_alike(redis_server: OwnRedis, limit: Limit) -> None:
    window, now_ms = SlidingWindow(), 1_000_000
    with Redis.from_url(redis_server.url()) as client:
        for number in range(200):
            now_ms += (number * 37) % 91
            amount = 1 + (number * 13) % max(1, limit.count // 4)
            here = window.wait_ms(limit, amount, now_ms)
            if not here:
                window.add(limit, amount, now_ms)
            there = client.eval(
                CHECK, 1, "k", now_ms, amount, 1,
                limit.count, limit.window_ms, limit.step_ms, int(limit.is_exact),
            )  # fmt: skip
            assert there == [here, window.used(limit, now_ms)], number


@pytest.mark.redis
def test_windows_leave_redis_by_themselves(redis_server: OwnRedis) -> None:
    limiter = SharedLimiter(redis_server.url())
    for limit in (Limit(5, 1), Limit(5000, 1)):
        limiter.wait_s("project:7", "error", limit)

    with Redis.from_url(redis_server.url()) as client:
        names = client.keys()
        assert len(names) == 2
        assert all(0 < client.pttl(name) <= 1100 for name in names)


@pytest.mark.redis
def test_while_redis_is_away_each_keeps_to_its_share() -> None:
    limit = Limit(100, 60)
    with own_redis() as server:
        limiter, other = SharedLimiter(server.url()), SharedLimiter(server.url())
        assert passed_of(limiter, limit, 10) == 10
        assert passed_of(other, limit, 30) == 30
        assert passed_of(limiter, limit, 1) == 1
    # 11 of 41 were this process's: it goes on to 26 of 100.
    assert passed_of(limiter, limit, 100) == 15
    # The other's knowledge is older: 30 of 40.
    assert passed_of(other, limit, 100) == 45


@pytest.mark.redis
def test_redis_counts_again_once_it_is_back(redis_server: OwnRedis) -> None:
    limiter = SharedLimiter(redis_server.url(), pause_s=0.0)
    reached = limiter._redis
    limiter._redis = SharedLimiter("redis://127.0.0.1:1")._redis
    assert passed_of(limiter, Limit(5, 60), 10) == 5
    limiter._redis = reached

    assert passed_of(limiter, Limit(5, 60), 10) == 5


def test_a_forked_child_makes_a_limiter_of_its_own() -> None:
    mine = limits.get_limiter()
    assert limits.get_limiter() is mine

    limits._start_anew()

    assert limits.get_limiter() is not mine
