"""POST /api/errors while the database is locked or away: 503, and nothing is kept."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections, transaction
from psycopg.conninfo import make_conninfo

from common.row_ids import IDS_ASIDE
from errors.models import Event, Issue, SeenEvent
from ingest.digest import at_once
from ingest.digest.at_once import WAIT_S
from ingest.digest.patience import waiting_until
from ingest.tests.native import Native
from projects.native_auth import known_native_keys

on_postgresql = pytest.mark.skipif(settings.IS_SQLITE, reason="SQLite locks the whole file")


@pytest.fixture(autouse=True)
def _fresh_keys() -> None:
    """Keys of a test before had the same numbers."""
    known_native_keys.clear()


# Not inside a transaction of the test: the connection is given up.
@pytest.mark.django_db(transaction=True)
def test_database_that_fails_is_503_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    native = Native()
    native.report()

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(at_once, "write_batch", fail)
    answer = native.report()

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert list(json.loads(answer.content)) == ["detail"]
    monkeypatch.undo()
    assert json.loads(native.report().content)["count"] == 2


@pytest.mark.django_db
def test_row_id_that_somebody_has_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    native = Native()
    drawn = iter([7, 7, 8])
    monkeypatch.setattr("ingest.digest.at_once.secrets.randbelow", lambda _: next(drawn))
    monkeypatch.setattr(at_once, "row_id_aside", lambda _, number: 1000 + number)

    assert native.report().status_code == 201
    assert json.loads(native.report().content)["count"] == 2
    assert sorted(Event.objects.values_list("pk", flat=True)) == [1007, 1008]
    assert IDS_ASIDE == 1024


@pytest.mark.django_db
def test_many_reports_are_each_counted_once() -> None:
    native = Native(errors_per_minute=1000)
    counts = [json.loads(native.report().content).get("count", 1) for _ in range(60)]

    assert counts == list(range(1, 61))
    assert Event.objects.count() == SeenEvent.objects.count() == 60


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_locked_database_is_503_within_seconds_and_nothing_is_kept() -> None:
    native = Native()
    assert native.report().status_code == 201
    given = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    conninfo = make_conninfo(**{name: given[name] for name in names if given.get(name)})
    with psycopg.connect(conninfo) as other:
        other.execute("SELECT * FROM errors_issue FOR UPDATE")
        began = time.monotonic()
        answer = native.report()
        took_s = time.monotonic() - began

    assert answer.status_code == 503
    assert WAIT_S - 0.1 <= took_s < WAIT_S + 2
    assert Issue.objects.get().event_count == Event.objects.count() == 1
    assert json.loads(native.report().content)["count"] == 2


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_patience_leaves_nothing_on_the_connection() -> None:
    def limits() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            return [str(cursor.fetchone()[0])]

    with waiting_until(time.monotonic() + 60):
        for _ in range(2):
            with transaction.atomic():
                (inside,) = limits()
                assert inside.startswith(("59", "60", "1min"))
        assert limits() == ["0"]
    assert limits() == ["0"]


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_reports_at_the_same_time_make_one_project_and_one_issue() -> None:
    native = Native(errors_per_minute=1000)

    def report(_: int) -> int:
        try:
            return int(native.report(project="Fresh").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        codes = list(threads.map(report, range(16)))

    assert sorted(codes) == [200] * 15 + [201]
    assert Issue.objects.get().event_count == 16
    assert Issue.objects.get().project.name == "Fresh"


@pytest.mark.skipif(not settings.IS_SQLITE, reason="about SQLite")
@pytest.mark.django_db
def test_patience_is_the_connections_own_again_afterwards() -> None:
    def busy_ms() -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            return int(cursor.fetchone()[0])

    with waiting_until(time.monotonic() + 2):
        assert 1000 < busy_ms() <= 2000
    assert busy_ms() == settings.DATABASES["default"]["OPTIONS"]["timeout"] * 1000


@pytest.mark.django_db
def test_keys_that_cannot_be_looked_up_are_503(monkeypatch: pytest.MonkeyPatch) -> None:
    native = Native()

    def fail(_: str) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(known_native_keys, "find", fail)
    for answer in (native.report(), native.get("/api/errors")):
        assert answer.status_code == 503
        assert answer.content == b'{"detail":"The database cannot be reached"}'
        assert answer.headers["Retry-After"] == "5"
