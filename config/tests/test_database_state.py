"""A database that cannot be used says in one sentence why, and what to do."""

import socket

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from config.database_state import DatabaseFault, DatabaseProblem, database_problem

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")


def the_problem() -> DatabaseProblem:
    problem = database_problem()
    assert problem
    return problem


@pytest.mark.django_db
def test_a_migrated_database_has_no_problem() -> None:
    assert database_problem() is None
    call_command("check", databases=["default"])


@pytest.mark.django_db
def test_an_unmigrated_database_names_the_command() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'errors'")
    problem = the_problem()
    assert problem.fault is DatabaseFault.UNMIGRATED
    assert "run manage.py migrate" in problem.sentence
    assert "\n" not in problem.sentence
    with pytest.raises(SystemCheckError, match=r"config\.E001.*migrate"):
        call_command("check", databases=["default"], deploy=True)


@pytest.mark.django_db
def test_an_unmigrated_database_can_be_migrated() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'errors'")
    call_command("migrate", plan=True, skip_checks=False, verbosity=0)


@on_postgresql
@pytest.mark.django_db
def test_a_database_that_is_not_there_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "catchall_nowhere")
    problem = the_problem()
    assert problem.fault is DatabaseFault.REFUSED
    assert problem.sentence.startswith("DATABASE_URL ")
    assert 'database "catchall_nowhere" does not exist' in problem.sentence


@on_postgresql
@pytest.mark.django_db
def test_a_database_that_takes_no_changes_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    read_only = "-c default_transaction_read_only=on"
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "options", read_only)
    problem = the_problem()
    assert problem.fault is DatabaseFault.READ_ONLY
    assert "takes no changes" in problem.sentence


@on_postgresql
@pytest.mark.django_db
def test_a_server_that_is_away_is_named_with_its_reason_without_the_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for name, value in {"HOST": "127.0.0.1", "PORT": str(port), "PASSWORD": "unspoken"}.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    problem = the_problem()
    assert problem.fault is DatabaseFault.AWAY
    assert problem.sentence == (
        f"The database of DATABASE_URL does not answer: Connection refused (127.0.0.1:{port})"
    )
