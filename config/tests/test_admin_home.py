"""The admin's first page: numbers for superusers, and red only when a person must act."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from accounts.models import User
from config.admin_home import (
    describe_interval,
    describe_span,
    draw_figures,
    draw_storage,
    read_home,
    read_schedules,
)
from ingest.inbox import set_inbox
from ingest.inbox.base import StoreState
from ingest.inbox.sqlite import SqliteInbox
from ingest.overview import SiteNumbers, Storage, Traffic

NUMBERS = SiteNumbers(
    inbox_depth=0,
    inbox_oldest_s=0.0,
    inbox_bytes=0,
    events=1200,
    issues=3,
    quarantined=0,
    disk_bytes=5_000_000,
)
QUIET = Traffic({}, {}, {})
GIGABYTE = 1 << 30


@pytest.fixture(autouse=True)
def empty_inbox(tmp_path: Path) -> Iterator[None]:
    inbox = SqliteInbox(tmp_path / "inbox.sqlite3", max_bytes=1 << 20, spool_bytes=1 << 18)
    set_inbox(inbox)
    yield
    set_inbox(None)
    inbox.close()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def alarms(numbers: SiteNumbers) -> list[str]:
    return [figure.alarm for figure in draw_figures(numbers, QUIET, timezone.now()) if figure.alarm]


def test_a_site_in_order_shows_no_red() -> None:
    assert alarms(NUMBERS) == []
    waiting = replace(NUMBERS, inbox_depth=900, inbox_oldest_s=2.0, inbox_bytes=5_000_000)
    assert alarms(waiting) == []


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"inbox_depth": 9, "inbox_oldest_s": 61.0}, "is the worker running"),
        ({"inbox_depth": 9, "inbox_bytes": 500 << 20}, "nearly full"),
        ({"quarantined": 1}, "replay or delete"),
    ],
)
def test_what_needs_a_person_is_red_and_says_what_to_do(change: Any, cause: str) -> None:
    (alarm,) = alarms(replace(NUMBERS, **change))
    assert cause in alarm


@pytest.mark.parametrize(
    ("storage", "note", "alarm"),
    [
        (Storage(50 * GIGABYTE, 100 * GIGABYTE, None), "50 GB free (50 %)", ""),
        (Storage(50 * GIGABYTE, 100 * GIGABYTE, 40), "enough for 40 days", ""),
        (Storage(50 * GIGABYTE, 100 * GIGABYTE, 4000), "enough for years", ""),
        (Storage(9 * GIGABYTE, 100 * GIGABYTE, 3), "enough for 3 days", "fills up within days"),
        (Storage(4 * GIGABYTE, 100 * GIGABYTE, 0), "4 GB free (4 %)", "nothing is accepted"),
    ],
)
def test_storage_tells_how_long_it_lasts(storage: Storage, note: str, alarm: str) -> None:
    figure = draw_storage(NUMBERS, storage)
    assert note in figure.note
    assert alarm in figure.alarm if alarm else not figure.alarm


@pytest.mark.django_db
def test_schedules_that_stopped_come_first() -> None:
    now = timezone.now()
    interval = IntervalSchedule.objects.create(every=5, period="minutes")
    for name, minutes in (("a.fresh", 4), ("b.late_one", 16)):
        PeriodicTask.objects.create(
            name=name, task=name, interval=interval, last_run_at=now - timedelta(minutes=minutes)
        )
    PeriodicTask.objects.create(name="c.new", task="c.new", interval=interval)
    PeriodicTask.objects.create(name="d.off", task="d.off", interval=interval, enabled=False)
    ours = ("Fresh", "Late one", "New", "Off")
    found = [(line.name, line.is_late) for line in read_schedules(now) if line.name in ours]
    assert found == [("Late one", True), ("Fresh", False), ("New", False)]


@pytest.mark.django_db
def test_an_inbox_that_cannot_be_read_is_a_sentence() -> None:
    class Unreadable:
        def state(self) -> list[StoreState]:
            return [StoreState("SQLite", "disk I/O error")]

    set_inbox(Unreadable())  # type: ignore[arg-type]  # only what is asked
    home = read_home(timezone.now())
    assert home.failure == "The inbox cannot be read: disk I/O error"
    assert home.figures == []


@pytest.mark.django_db
def test_superusers_see_the_numbers() -> None:
    page = client_of(User.objects.create_superuser("root")).get("/admin/").content.decode()
    for word in ("Accepted", "Digested", "Waiting", "Set aside", "Storage", "Schedules", "Users"):
        assert word in page
    assert 'data-theme="system"' in page


@pytest.mark.django_db
def test_staff_see_their_apps_and_no_numbers() -> None:
    page = client_of(User.objects.create_user("ana", is_staff=True)).get("/admin/").content.decode()
    assert "Accepted" not in page
    assert "Users" not in page and "Periodic" not in page
    assert "/admin/errors/issue/" in page


@pytest.mark.django_db
def test_others_do_not_get_in() -> None:
    assert Client().get("/admin/").headers["Location"].startswith("/admin/login/")
    client = client_of(User.objects.create_user("bob"))
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.django_db
def test_what_libraries_register_without_use_is_gone() -> None:
    client = client_of(User.objects.create_superuser("root"))
    for address in (
        "auth/group/",
        "account/emailaddress/",
        "django_celery_beat/solarschedule/",
        "django_celery_beat/clockedschedule/",
    ):
        assert client.get(f"/admin/{address}").status_code == 404
    for address in ("periodictask/", "periodictask/add/", "intervalschedule/", "crontabschedule/"):
        assert client.get(f"/admin/django_celery_beat/{address}").status_code == 200


@pytest.mark.django_db
def test_pages_run_no_inline_script_or_style() -> None:
    client = client_of(User.objects.create_superuser("root"))
    task = PeriodicTask.objects.create(
        name="task", task="task", interval=IntervalSchedule.objects.create(every=1, period="days")
    )
    for address in ("", f"django_celery_beat/periodictask/{task.pk}/change/", "errors/issue/"):
        page = client.get(f"/admin/{address}").content.decode()
        assert "<style" not in page and "style=" not in page
        assert "<script>" not in page and "onclick=" not in page


@pytest.mark.django_db
def test_the_first_page_asks_little_of_the_database(django_assert_max_num_queries: Any) -> None:
    client = client_of(User.objects.create_superuser("root"))
    # Session, person, projects; issues, quarantine twice, items, first event, schedules; and
    # the size of the database where a server keeps it.
    with django_assert_max_num_queries(10):
        client.get("/admin/")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (172_800, "2 days")],
)
def test_spans_are_said_in_their_largest_unit(seconds: int, text: str) -> None:
    assert describe_span(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (5, "every 5 seconds"),
        (60, "every minute"),
        (90, "every 90 seconds"),
        (3600, "every hour"),
        (172_800, "every 2 days"),
    ],
)
def test_intervals_are_said_in_the_unit_that_fits(seconds: int, text: str) -> None:
    assert describe_interval(timedelta(seconds=seconds)) == text
