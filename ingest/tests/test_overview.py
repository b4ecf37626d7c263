"""The site in numbers."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from ingest.digest import digest_batch
from ingest.inbox.sqlite import SqliteInbox
from ingest.overview import (
    SiteNumbers,
    Traffic,
    backlog_room_s,
    days_until_full,
    read_storage,
    read_traffic,
    site_numbers,
)
from ingest.tests.messages import make_event, make_message, make_project, put

EMPTY = SiteNumbers(0, 0.0, 0, 0, 0, 0, 0)


@pytest.mark.django_db
def test_numbers_follow_a_message_from_inbox_to_issue(inbox: SqliteInbox) -> None:
    key = make_project()
    put(inbox, make_message(key, make_event()), make_message(key, make_event()))
    put(inbox, replace(make_message(key, make_event()), body=b"damaged"))
    waiting = site_numbers()
    assert (waiting.inbox_depth, waiting.events, waiting.quarantined) == (3, 0, 0)
    assert waiting.inbox_bytes > 0
    assert waiting.inbox_oldest_s >= 0
    digest_batch(inbox)
    done = site_numbers()
    assert (done.inbox_depth, done.inbox_oldest_s, done.inbox_bytes) == (0, 0.0, 0)
    assert (done.events, done.issues, done.quarantined) == (2, 1, 1)
    now = timezone.now()
    traffic = read_traffic(now)
    assert sum(traffic.events.values()) == 2
    assert sum(traffic.items.values()) == 2
    assert list(traffic.quarantined) == [int(now.timestamp()) // 3600]
    assert sum(read_traffic(now + timedelta(days=2)).items.values()) == 0


@pytest.mark.django_db
def test_an_empty_site_has_numbers_too(inbox: SqliteInbox, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    (settings.DATA_DIR / "spool").mkdir(parents=True)
    (settings.DATA_DIR / "spool" / "a").write_bytes(b"x" * 100)
    numbers = site_numbers()
    assert (numbers.events, numbers.issues, numbers.inbox_depth) == (0, 0, 0)
    assert numbers.disk_bytes >= 100
    storage = read_storage(numbers.disk_bytes, timezone.now())
    assert 0 < storage.free_percent < 100
    assert storage.days_left is None


def test_days_left_follow_from_the_growth_so_far() -> None:
    assert days_until_full(10_000, 100_000, age_days=10) == 100
    assert days_until_full(10_000, 0, age_days=10) == 0


def test_nothing_is_foretold_too_early_or_where_retention_holds_the_size() -> None:
    assert days_until_full(10_000, 100_000, age_days=0.5) is None
    assert days_until_full(10_000, 100_000, age_days=91) is None


def test_the_inbox_is_measured_in_seconds_of_traffic(settings: Any) -> None:
    settings.INBOX_MAX_BYTES = 1_000_000
    one_a_second = Traffic({0: 86_400}, {}, {})
    waiting = replace(EMPTY, inbox_depth=100, inbox_bytes=100_000)
    assert backlog_room_s(waiting, one_a_second) == 900
    assert backlog_room_s(EMPTY, Traffic({}, {}, {})) is None
