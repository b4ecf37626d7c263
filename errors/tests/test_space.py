"""SQLite's file shrinks again when rows have gone."""

import sqlite3
from pathlib import Path

import pytest
from django.db import connection

from errors.services.space import reclaim_space

pytestmark = pytest.mark.django_db


def test_sqlite_gives_deleted_space_back(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        assert reclaim_space() == 0
        return
    path = tmp_path / "grown.sqlite3"
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;")
    database.execute("CREATE TABLE filler (content BLOB)")
    database.execute(
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
        "INSERT INTO filler SELECT zeroblob(8000) FROM n"
    )
    database.execute("DELETE FROM filler")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.stat().st_size
    own, connection.connection = connection.connection, database
    try:
        assert reclaim_space() > 4000
    finally:
        connection.connection = own
    assert path.stat().st_size < before / 4
    assert path.with_name(path.name + "-wal").stat().st_size == 0
    database.close()
