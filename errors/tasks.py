"""Celery tasks of the errors app: housekeeping, all of it safe to run twice or late."""

from celery import shared_task
from django.utils import timezone

from errors.services import deletion, learning, retention, space


@shared_task
def remove_old_data() -> None:
    """Hourly: what is beyond its retention or of no use; new issues become ongoing."""
    retention.remove_old(now=timezone.now())
    retention.age_issues(now=timezone.now())
    learning.forget_unused(now=timezone.now())


@shared_task
def enforce_event_budgets() -> None:
    """Each minute: of crowded issues the newest events stay, and the first."""
    retention.enforce_budgets(now=timezone.now())


@shared_task
def remove_deleted_data() -> None:
    """Each minute: what people deleted a while ago."""
    deletion.remove_deleted(now=timezone.now())


@shared_task
def reclaim_disk_space() -> None:
    """Each minute: free pages and the log of SQLite."""
    space.reclaim_space()


@shared_task
def learn_to_compress() -> None:
    """Each minute, and when the digest says so: dictionaries for payloads."""
    learning.learn(now=timezone.now())
