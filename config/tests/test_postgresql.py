"""The pool: it hides a restart of the server, has a bound, and says when it is reached."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import OperationalError, connection

from config.management.commands.serve import leave_database
from config.settings.postgresql import postgresql_settings

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")


def backend_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.fixture
def elsewhere(transactional_db: None) -> Iterator[Callable[[Callable[[], int]], int]]:
    """Run something in another thread, which gives its connection back; the pool is empty."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL's backend

    def run(work: Callable[[], int]) -> int:
        def alone() -> int:
            try:
                return work()
            finally:
                connection.close()

        return threads.submit(alone).result()

    with ThreadPoolExecutor(1) as threads:
        yield run


@on_postgresql
def test_a_connection_goes_from_thread_to_thread(elsewhere: Callable[..., int]) -> None:
    mine = backend_pid()
    connection.close()

    assert elsewhere(backend_pid) == mine


@on_postgresql
def test_the_first_query_after_a_restart_works(elsewhere: Callable[..., int]) -> None:
    lost = elsewhere(backend_pid)
    parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
    with psycopg.connect(**parameters) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [lost])

    assert elsewhere(backend_pid) != lost


@on_postgresql
def test_who_waits_too_long_for_a_connection_is_told(
    elsewhere: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend_pid()
    pool = connection.pool  # type: ignore[attr-defined]
    monkeypatch.setattr(pool, "timeout", 0.05)
    pool.resize(0, 1)
    try:
        with pytest.raises(OperationalError, match="couldn't get a connection after"):
            elsewhere(backend_pid)
    finally:
        pool.resize(0, 10)


@on_postgresql
def test_a_pool_is_not_handed_on_to_forked_processes(elsewhere: Callable[..., int]) -> None:
    mine = backend_pid()
    before = connection.pool  # type: ignore[attr-defined]

    leave_database()

    assert before.closed
    assert elsewhere(backend_pid) != mine


def test_what_the_address_says_wins() -> None:
    settings = postgresql_settings(
        {"sslmode": "verify-full", "connect_timeout": 1}, pool_size=3, is_behind_pooler=False
    )

    assert settings["OPTIONS"]["sslmode"] == "verify-full"
    assert settings["OPTIONS"]["connect_timeout"] == 1
    assert settings["OPTIONS"]["pool"]["max_size"] == 3


def test_without_a_pool_each_thread_has_its_own_connection_for_a_while() -> None:
    settings = postgresql_settings({}, pool_size=0, is_behind_pooler=False)

    assert "pool" not in settings["OPTIONS"]
    assert settings["CONN_MAX_AGE"] > 0


def test_behind_a_pooler_nothing_outlives_a_transaction() -> None:
    for pool_size in (0, 5):
        settings = postgresql_settings({}, pool_size=pool_size, is_behind_pooler=True)
        assert settings["DISABLE_SERVER_SIDE_CURSORS"] is True
        assert "prepare_threshold" not in settings["OPTIONS"]
