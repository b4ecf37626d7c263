"""Schedules go on when the clock was set back an hour."""

from datetime import UTC, datetime, timedelta

import pytest
from django_celery_beat.models import PeriodicTask

from config.celery import app
from config.scheduler import SteadyScheduler
from config.schedules import ensure_schedules

# Reading the schedules begins with connections of its own.
pytestmark = pytest.mark.django_db(transaction=True)

AN_HOUR = timedelta(hours=1)
DIGEST = "ingest.tasks.digest_inbox"


def put_last_runs_ahead() -> None:
    PeriodicTask.objects.update(last_run_at=datetime.now(UTC) + AN_HOUR)


def read_last_run(scheduler: SteadyScheduler) -> datetime:
    last_run: datetime = scheduler.schedule[DIGEST].last_run_at
    return last_run


@pytest.fixture(autouse=True)
def schedules() -> None:
    ensure_schedules()


def test_a_last_run_in_the_future_counts_as_one_of_now() -> None:
    put_last_runs_ahead()

    assert read_last_run(SteadyScheduler(app=app)) <= datetime.now(UTC)


def test_schedules_are_read_anew_when_the_clock_goes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scheduler = SteadyScheduler(app=app)
    scheduler.tick()
    entry = scheduler.schedule[DIGEST]
    monkeypatch.setattr("time.time", lambda: scheduler._last_tick_at - 3600)

    scheduler.tick()

    assert scheduler.schedule[DIGEST] is not entry
