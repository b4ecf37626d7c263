"""A server that is away costs one line in the log and an honest page; faults keep tracebacks."""

import logging

import psycopg
import pytest
from celery.beat import SchedulingError
from django.db import OperationalError
from django.test import Client
from kombu.exceptions import OperationalError as BrokerError
from psycopg_pool import PoolTimeout
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from accounts.models import User
from config.outages import OutageFilter, is_outage
from errors.views import issue_list


def caused_by(cause: Exception) -> Exception:
    try:
        raise OperationalError(str(cause)) from cause
    except OperationalError as error:
        return error


def unscheduled(cause: Exception) -> Exception:
    """As beat raises it: the cause is only what was being handled."""
    error = SchedulingError("not scheduled")
    error.__context__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "Connection refused"),
        RedisConnectionError("Connection closed by server."),
        BrokerError("refused"),
        unscheduled(BrokerError("refused")),
        caused_by(psycopg.OperationalError("connection failed: refused")),
        caused_by(PoolTimeout("couldn't get a connection after 5.00 sec")),
        caused_by(psycopg.errors.AdminShutdown("terminating connection")),
    ],
)
def test_a_server_that_is_away_is_an_outage(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        None,
        KeyError("x"),
        ResponseError("WRONGTYPE"),
        unscheduled(KeyError("x")),
        OperationalError("database is locked"),
        caused_by(psycopg.errors.DeadlockDetected("deadlock detected")),
        caused_by(psycopg.errors.UndefinedTable("no such table")),
    ],
)
def test_a_fault_is_none(error: Exception | None) -> None:
    assert not is_outage(error)


def filtered(message: str, error: Exception) -> logging.LogRecord:
    record = logging.LogRecord(
        "a", logging.ERROR, __file__, 1, message, (), (type(error), error, None)
    )
    assert OutageFilter().filter(record)
    return record


def test_an_outage_is_logged_in_one_line() -> None:
    record = filtered("It cannot be sent\n['the stack']", RedisConnectionError("refused"))
    assert record.getMessage() == "It cannot be sent (refused)"
    assert record.exc_info is None
    assert filtered("refused: again", RedisConnectionError("refused")).msg == "refused: again"


def test_a_fault_keeps_its_traceback() -> None:
    record = filtered("It broke", KeyError("x"))
    assert record.getMessage() == "It broke"
    assert record.exc_info


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (caused_by(PoolTimeout("no connection")), 503, "does not answer"),
        (KeyError("x"), 500, "Something broke here"),
    ],
)
def test_a_page_tells_an_outage_from_a_fault(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, words: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    client.force_login(User.objects.create_superuser("boss", "boss@example.com", "pw"))
    client.raise_request_exception = False
    monkeypatch.setattr(issue_list, "count_by_status", fail)
    answer = client.get("/issues/")
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert ("Retry-After" in answer.headers) == (status == 503)
