"""Schedules: seeded once, changed by people, of tasks that exist."""

import pytest
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from config.celery import app
from config.schedules import SCHEDULES, ensure_schedules
from ingest.wake import EXPIRES_S


def test_every_schedule_names_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    assert {schedule.task for schedule in SCHEDULES} <= set(app.tasks)


@pytest.mark.django_db
def test_schedules_are_seeded_once() -> None:
    ensure_schedules()
    ensure_schedules()
    assert PeriodicTask.objects.count() == len(SCHEDULES)


@pytest.mark.django_db
def test_the_admin_can_show_how_often_in_words() -> None:
    ensure_schedules()
    said = {str(interval) for interval in IntervalSchedule.objects.all()}
    assert said == {"every 5 seconds", "every minute", "every hour", "every day"}


@pytest.mark.django_db
def test_a_schedule_that_somebody_changed_stays_so() -> None:
    ensure_schedules()
    PeriodicTask.objects.filter(name="errors.tasks.enforce_retention").update(enabled=False)
    ensure_schedules()
    assert not PeriodicTask.objects.get(name="errors.tasks.enforce_retention").enabled


@pytest.mark.django_db
def test_a_seeded_schedule_goes_with_its_task_and_a_persons_own_stays() -> None:
    hourly = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    for name in ("errors.tasks.gone", "my own reminder"):
        PeriodicTask.objects.create(name=name, task="errors.tasks.gone", interval=hourly)
    ensure_schedules()
    names = set(PeriodicTask.objects.values_list("name", flat=True))
    assert names == {schedule.task for schedule in SCHEDULES} | {"my own reminder"}


@pytest.mark.django_db
def test_a_worker_whose_clock_is_minutes_ahead_takes_every_message() -> None:
    ensure_schedules()
    assert not PeriodicTask.objects.filter(expire_seconds__lt=300).exists()
    assert EXPIRES_S >= 300
