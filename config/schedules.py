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
UNITS = (
    (DAY_S, IntervalSchedule.DAYS),
    (HOUR_S, IntervalSchedule.HOURS),
    (MINUTE_S, IntervalSchedule.MINUTES),
    (1, IntervalSchedule.SECONDS),
)

# Celery compares beat's clock with the worker's: one that is ahead by more drops every message.
CLOCKS_DIFFER_S = 300

SCHEDULES = (
    # A lost wake-up costs this much, never an event.
    Schedule("ingest.tasks.digest_inbox", every_s=5),
    Schedule("errors.tasks.learn_to_compress", every_s=MINUTE_S),
    Schedule("errors.tasks.enforce_event_budgets", every_s=MINUTE_S),
    Schedule("errors.tasks.enforce_item_budgets", every_s=MINUTE_S),
    Schedule("errors.tasks.join_feedback", every_s=MINUTE_S),
    Schedule("errors.tasks.reclaim_disk_space", every_s=MINUTE_S),
    Schedule("errors.tasks.offload_payloads", every_s=MINUTE_S),
    Schedule("errors.tasks.remove_deleted_data", every_s=MINUTE_S),
    Schedule("errors.tasks.enforce_retention", every_s=HOUR_S),
    Schedule("errors.tasks.age_issues", every_s=HOUR_S),
    Schedule("errors.tasks.learn_from_all_groups", every_s=HOUR_S),
    Schedule("errors.tasks.forget_dictionaries", every_s=HOUR_S),
    Schedule("errors.tasks.fold_counts", every_s=DAY_S),
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
            PeriodicTask.objects.create(
                name=schedule.task,
                task=schedule.task,
                interval=_interval(schedule.every_s),
                # One that nobody took until the next is due has no use any more.
                expire_seconds=max(schedule.every_s, CLOCKS_DIFFER_S),
            )


def _interval(seconds: int) -> IntervalSchedule:
    """In the largest unit that fits: the admin shows it as it is."""
    size, period = next(unit for unit in UNITS if seconds % unit[0] == 0)
    every, _ = IntervalSchedule.objects.get_or_create(every=seconds // size, period=period)
    return every
