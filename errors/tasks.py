"""Celery tasks of the errors app: housekeeping, all of it safe to run twice or late."""

from celery import shared_task
from django.utils import timezone

from errors.services import deletion, learning, retention, space
from errors.storage.recompress import recompress_payloads
from errors.storage.training import train_dictionary


@shared_task
def remove_old_data() -> None:
    """Hourly: events and items beyond their retention; new issues become ongoing."""
    retention.remove_old(now=timezone.now())
    retention.age_issues(now=timezone.now())


@shared_task
def enforce_event_budgets() -> None:
    """Each minute: of crowded issues the newest events stay, and the first."""
    retention.enforce_budgets()


@shared_task
def remove_deleted_data() -> None:
    """Each few minutes: what people deleted."""
    deletion.remove_deleted(now=timezone.now())


@shared_task
def reclaim_disk_space() -> None:
    """Each minute: free pages and the log of SQLite."""
    space.reclaim_space()


@shared_task
def train_dictionaries() -> None:
    """Each few minutes, and when the digest says so: learn to compress, pack what is there."""
    for project_id, platform, stage in learning.find_due():
        dictionary_id = train_dictionary(project_id, platform, sample_count=stage)
        if dictionary_id:
            recompress_payloads(dictionary_id)
