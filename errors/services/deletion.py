"""What people deleted goes for good, in the background, in small batches."""

from datetime import datetime, timedelta

from errors.models import (
    GroupingKey,
    HourlyCount,
    Issue,
    IssueUser,
    ItemCount,
    SeenEvent,
    StoredEnvelope,
    StoredItem,
    TagCount,
)
from errors.rows import delete_where
from errors.services.removal import remove_events
from projects.models import Project

# Longer than the digest trusts what it read of a project, and time to change one's mind.
GRACE = timedelta(minutes=5)
# An issue is made a moment before its first event; one without any was left by a failed batch.
EMPTY_AFTER = timedelta(hours=1)


def remove_deleted(*, now: datetime) -> int:
    """Remove projects and issues that were deleted a while ago; return how many of both."""
    projects = list(Project.objects.filter(deleted_at__lt=now - GRACE))
    for project in projects:
        Issue.objects.filter(project=project, deleted_at=None).update(deleted_at=project.deleted_at)
    Issue.objects.filter(
        event_count=0, deleted_at=None, status_changed_at__lt=now - EMPTY_AFTER
    ).update(deleted_at=now)
    issues = list(Issue.objects.filter(deleted_at__lt=now - GRACE).values_list("pk", flat=True))
    for issue_id in issues:
        _remove_issue(issue_id)
    for project in projects:
        _remove_project(project)
    return len(issues) + len(projects)


def _remove_issue(issue_id: int) -> None:
    remove_events("key.issue_id = %s", [issue_id])
    for key_id in GroupingKey.objects.filter(issue=issue_id).values_list("pk", flat=True):
        for model in (TagCount, HourlyCount, IssueUser):
            delete_where(model, "grouping_key_id = %s", [key_id])
    # Its keys and activities go along.
    Issue.objects.filter(pk=issue_id).delete()


def _remove_project(project: Project) -> None:
    for model in (StoredItem, StoredEnvelope, SeenEvent, ItemCount):
        delete_where(model, "project_id = %s", [project.pk])
    # Its dictionaries, releases and quarantined messages go along.
    project.delete()
