"""The SQLite file: made as it must be, and never waited for by those who only read."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from config.settings.environment import prepare_sqlite_file

pytestmark = pytest.mark.skipif(not settings.IS_SQLITE, reason="about SQLite")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "site.sqlite3"
    prepare_sqlite_file(str(path))
    return path


@pytest.fixture
def connection(path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[BaseDatabaseWrapper]:
    """A connection as the site's, to a file of its own, without the usual patience."""
    options = {**settings.DATABASES["default"]["OPTIONS"], "timeout": 0}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}
    connection = ConnectionHandler({"default": database})["default"]
    with django_db_blocker.unblock():
        yield connection
        connection.close()


def ask(connection: BaseDatabaseWrapper, question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_a_new_file_has_large_pages_and_gives_space_back(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE note (id INTEGER)")
    assert ask(connection, "PRAGMA page_size") == 8192
    assert ask(connection, "PRAGMA auto_vacuum") == 2
    assert ask(connection, "PRAGMA journal_mode") == "wal"


def test_a_new_connection_does_not_wait_for_a_writer(
    path: Path, connection: BaseDatabaseWrapper
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert ask(connection, "SELECT 1") == 1


def test_a_file_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="cannot be made"):
        prepare_sqlite_file(str(tmp_path / "no" / "site.sqlite3"))
