"""kill -9 in the middle of a load, then a start: nothing accepted is lost or counted twice."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.load import Load
from tests.server import Site, free_port, start_site, wait_until

pytestmark = pytest.mark.faults

KILLS = 3
EVENTS_BETWEEN_KILLS = 400


def query(site: Site, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{site.data_dir}/catchall.sqlite3?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


def stored_ids(site: Site) -> list[str]:
    return [str(row[0]) for row in query(site, "SELECT lower(hex(event_id)) FROM errors_event")]


def total(site: Site, table: str, column: str, where: str = "TRUE") -> int:
    ((number,),) = query(site, f"SELECT COALESCE(SUM({column}), 0) FROM {table} WHERE {where}")
    return int(str(number))


def wait_until_drained(site: Site) -> None:
    def is_drained() -> bool:
        with closing(
            sqlite3.connect(f"file:{site.data_dir}/inbox.sqlite3?mode=ro", uri=True)
        ) as db:
            return not db.execute("SELECT EXISTS (SELECT 1 FROM message)").fetchone()[0]

    wait_until(is_drained, "the inbox to be drained", timeout_s=60)


def load_through_kills(data_dir: Path) -> tuple[Site, Load]:
    """Keep sending while the site is killed and started again; the last site still runs."""
    port = free_port()
    site = start_site(data_dir, port=port)
    load = Load(site.create_project("Faults"))
    load.start()
    try:
        for number in range(1, KILLS + 1):
            load.wait_for(number * EVENTS_BETWEEN_KILLS)
            site.kill()
            site = start_site(data_dir, port=port)
    finally:
        load.stop()
    return site, load


def test_nothing_accepted_is_lost_or_counted_twice(tmp_path: Path) -> None:
    site, load = load_through_kills(tmp_path / "data")
    try:
        load.send_again()
        wait_until_drained(site)
        ids = stored_ids(site)
        assert load.unknown, "No kill met a request that was under way."
        assert set(ids) == load.accepted | load.unknown
        assert len(ids) == len(set(ids))
        assert total(site, "errors_issue", "event_count") == len(ids)
        assert total(site, "errors_groupingkey", "event_count") == len(ids)
        assert total(site, "errors_hourlycount", "count") == len(ids)
        assert total(site, "errors_tagcount", "count", "key = 'part'") == len(ids)
        assert total(site, "errors_itemcount", "count", "type = 'event'") == len(ids)
        assert query(site, "SELECT COUNT(*) FROM ingest_quarantinedmessage") == [(0,)]
        assert site.stop() == 0
    finally:
        site.kill()
