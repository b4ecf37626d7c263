"""Celery tasks of the errors app: housekeeping, all of it safe to run twice or late."""

from contextlib import suppress

from celery import Task, shared_task
from django.utils import timezone

from errors.services import deletion, feedback, learning, offloading, retention, space
from errors.services.pace import Pace, Stopped, stopping

# Others of the queue wait no longer.
RUN_S = 20


@shared_task
def enforce_retention() -> None:
    """Hourly: what the policies let go. When the time is over, on it goes behind other tasks."""
    with suppress(retention.RetentionBusyError):
        report = retention.enforce_retention(now=timezone.now(), pace=Pace(seconds=RUN_S))
        _go_on(enforce_retention, report)


@shared_task
def enforce_event_budgets() -> None:
    """Each minute: of issues that have grown the newest events stay, the first and some more."""
    with suppress(retention.RetentionBusyError):
        report = retention.trim_grown_issues(now=timezone.now(), pace=Pace(seconds=RUN_S))
        _go_on(enforce_event_budgets, report)


def _go_on(task: Task[[], None], report: retention.Report) -> None:
    if not report.is_complete and not stopping.is_set():
        # One that had to wait for another's run would only double it.
        task.apply_async(expires=RUN_S / 2)


@shared_task
def remove_deleted_data() -> None:
    """Each minute: what people deleted a while ago."""
    with suppress(Stopped):
        deletion.remove_deleted(now=timezone.now(), pace=Pace(seconds=RUN_S))


@shared_task
def enforce_item_budgets() -> None:
    """Each minute: of files, other items and feedback beyond their budgets the oldest go."""
    with suppress(Stopped):
        retention.trim_kept(pace=Pace(seconds=RUN_S))


@shared_task
def join_feedback() -> None:
    """Each minute: feedback that was written at the same moment as its event finds it."""
    feedback.join_waiting(now=timezone.now())


@shared_task
def age_issues() -> None:
    """Hourly: new issues become ongoing."""
    retention.age_issues(now=timezone.now())


@shared_task
def fold_counts() -> None:
    """Daily: counts by the hour become sums when nobody looks at their hours any more."""
    with suppress(Stopped):
        retention.fold_counts(now=timezone.now(), pace=Pace(seconds=RUN_S))


@shared_task
def reclaim_disk_space() -> None:
    """Each minute: free pages and the log of SQLite."""
    space.reclaim_space()


@shared_task
def learn_to_compress() -> None:
    """Each minute, and when the digest says so: dictionaries for payloads of what is active."""
    learning.learn(now=timezone.now(), recent_hours=learning.RECENT_HOURS)


@shared_task
def learn_from_all_groups() -> None:
    """Hourly: the same for those whose events tell of old times, and new patterns for old ones."""
    learning.learn(now=timezone.now())


@shared_task
def forget_dictionaries() -> None:
    """Hourly: dictionaries that a newer one replaced and no payload needs."""
    learning.forget_unused(now=timezone.now())


@shared_task
def offload_payloads() -> None:
    """Each minute: older payloads go to object storage, where one is set."""
    offloading.offload_payloads(now=timezone.now())
