"""Too much at once, too little disk, a store that is away: 503, and come back later."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError

from ingest import disk
from ingest.disk import DiskGuard, free_percent
from ingest.errors import IngestError
from ingest.inbox import set_inbox
from ingest.inbox.sqlite import SqliteInbox
from ingest.intake import BodiesInFlight, Intake
from ingest.keys import key_cache
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.inboxes import MEBIBYTE
from ingest.tests.sending import Answered, Send, event_envelope


def assert_busy(answer: Answered, detail: str) -> None:
    assert answer.status == 503
    assert answer.json["detail"] == detail
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_full_inbox_asks_to_come_back(send: Send, shop: Shop, tmp_path: Path) -> None:
    inbox = SqliteInbox(tmp_path / "small.sqlite3", max_bytes=500, spool_bytes=MEBIBYTE)
    set_inbox(inbox)

    first = send(shop.envelope, event_envelope(), shop.auth)
    second = send(shop.envelope, event_envelope(), shop.auth)

    assert first.status == 200
    assert_busy(second, "The inbox is full.")
    inbox.close()


@pytest.mark.parametrize("size", [10, 100_000])
def test_an_unwritable_inbox_asks_to_come_back(
    send: Send, shop: Shop, tmp_path: Path, size: int
) -> None:
    inbox = SqliteInbox(tmp_path / "no" / "inbox.sqlite3", max_bytes=MEBIBYTE, spool_bytes=50_000)
    set_inbox(inbox)

    answer = send(shop.envelope, event_envelope({"message": "x" * size}), shop.auth)

    assert_busy(answer, "The inbox cannot be written now.")
    inbox.close()


def test_a_nearly_full_disk_stops_ingestion(
    send: Send, shop: Shop, settings: SimpleNamespace, inbox: ReadableInbox
) -> None:
    settings.MIN_FREE_DISK_PERCENT = 101

    answer = send(shop.envelope, event_envelope(), shop.auth)

    assert_busy(answer, "The site's disk is nearly full.")
    assert inbox.depth() == 0


def test_the_disk_is_looked_at_once_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Path] = []
    free = [1.0]
    now = [50.0]

    def look(folder: Path) -> float:
        looks.append(folder)
        return free[0]

    monkeypatch.setattr(disk, "free_percent", look)
    guard = DiskGuard(tmp_path, 5, clock=lambda: now[0])
    for _ in range(5):
        with pytest.raises(IngestError):
            guard.check()
    assert looks == [tmp_path]

    free[0] = 50.0
    now[0] += 1
    guard.check()
    assert len(looks) == 2


def test_free_space_is_what_anybody_may_use(tmp_path: Path) -> None:
    assert 0 <= free_percent(tmp_path) <= 100


def test_bodies_in_flight_are_bounded_together(
    send: Send, shop: Shop, settings: SimpleNamespace
) -> None:
    settings.MAX_INFLIGHT_BYTES = 100

    answer = send(shop.envelope, event_envelope(), shop.auth)

    assert_busy(answer, "The site is receiving too much at once.")


def test_a_body_counts_until_it_is_answered(settings: SimpleNamespace) -> None:
    settings.MAX_INFLIGHT_BYTES = 100
    intake = Intake()
    with intake.receiving("") as first:
        first.add(b"x" * 60)
        with (
            pytest.raises(IngestError, match="too much at once"),
            intake.receiving("") as second,
        ):
            second.add(b"x" * 30)
            second.add(b"x" * 30)
    with intake.receiving("") as third:
        third.add(b"x" * 100)


def test_large_bodies_leave_room_for_small_ones(settings: SimpleNamespace) -> None:
    settings.MAX_INFLIGHT_BYTES, settings.MAX_BODY_BYTES = 400_000, 300_000
    intake = Intake()
    with intake.receiving("") as large:
        large.add(b"x" * 300_000)
        with (
            pytest.raises(IngestError, match="too much at once"),
            intake.receiving("") as second,
        ):
            second.add(b"x" * 70_000)
        with intake.receiving("") as small:
            small.add(b"x" * 60_000)


def test_what_is_taken_is_given_back() -> None:
    in_flight = BodiesInFlight(10)
    in_flight.add(10)
    with pytest.raises(IngestError):
        in_flight.add(1)
    in_flight.remove(10)
    in_flight.add(10)


def test_a_database_that_is_away_asks_to_come_back(
    send: Send, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(public_key: str) -> None:
        raise DatabaseError

    monkeypatch.setattr(key_cache, "_load", fail)

    answer = send(shop.envelope, event_envelope(), shop.auth)

    assert_busy(answer, "The site cannot look up keys now.")
