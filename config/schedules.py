"""What runs regularly. The rows are seeded at each start; the admin can change them."""

from dataclasses import dataclass

from django.db.models import F
from django_celery_beat.models import IntervalSchedule, PeriodicTask


@dataclass(frozen=True, slots=True)
class Schedule:
    """A task and how often it runs, in seconds."""

    task: str
    every_s: int


MINUTE_S = 60
HOUR_S = 3600
DAY_S = 24 * HOUR_S

SCHEDULES = (
    # A lost wake-up costs this much, never an event.
    Schedule("ingest.tasks.digest_inbox", every_s=5),
    Schedule("errors.tasks.learn_to_compress", every_s=MINUTE_S),
    Schedule("errors.tasks.enforce_event_budgets", every_s=MINUTE_S),
    Schedule("errors.tasks.reclaim_disk_space", every_s=MINUTE_S),
    Schedule("errors.tasks.remove_deleted_data", every_s=MINUTE_S),
    Schedule("errors.tasks.remove_old_data", every_s=HOUR_S),
    Schedule("ingest.tasks.remove_old_messages", every_s=HOUR_S),
    Schedule("accounts.tasks.remove_old_sessions", every_s=DAY_S),
)


def ensure_schedules() -> None:
    """Make a row for each schedule that has none; what people changed or added stays.

    A seeded row has its task's name; one whose task has gone since goes too.
    """
    known = [schedule.task for schedule in SCHEDULES]
    PeriodicTask.objects.filter(name=F("task")).exclude(task__in=known).delete()
    present = set(PeriodicTask.objects.values_list("name", flat=True))
    for schedule in SCHEDULES:
        if schedule.task not in present:
            interval, _ = IntervalSchedule.objects.get_or_create(
                every=schedule.every_s, period=IntervalSchedule.SECONDS
            )
            PeriodicTask.objects.create(
                name=schedule.task,
                task=schedule.task,
                interval=interval,
                # One that nobody took until the next is due has no use any more.
                expire_seconds=schedule.every_s,
            )
