"""What people deleted goes for good, in the background, in small batches."""

from datetime import datetime, timedelta

from errors.models import Issue, ItemCount, KeptBytes, SeenEvent
from errors.rows import BATCH, delete_in_steps
from errors.services.kept import KIND_OF, remove_kept_in_steps
from errors.services.pace import Pace
from errors.services.removal import remove_issue
from projects.models import OutcomeCount, Project

# Longer than the digest trusts what it read of a project, and time to change one's mind.
GRACE = timedelta(minutes=5)
# An issue is made a moment before its first event; one without any was left by a failed batch.
EMPTY_AFTER = timedelta(hours=1)


def remove_deleted(*, now: datetime, pace: Pace | None = None) -> int:
    """Remove projects and issues that were deleted a while ago; return how many of both.

    Raises: Stopped by the pace; what is left is removed by the next call.
    """
    pace = pace or Pace(share=1.0)
    projects = list(Project.objects.filter(deleted_at__lt=now - GRACE))
    for project in projects:
        Issue.objects.filter(project=project, deleted_at=None).update(deleted_at=project.deleted_at)
    Issue.objects.filter(
        event_count=0, deleted_at=None, status_changed_at__lt=now - EMPTY_AFTER
    ).update(deleted_at=now)
    issues = list(Issue.objects.filter(deleted_at__lt=now - GRACE).values_list("pk", flat=True))
    for issue_id in issues:
        remove_issue(issue_id, pace=pace)
    for project in projects:
        _remove_project(project, pace)
    return len(issues) + len(projects)


def _remove_project(project: Project, pace: Pace) -> None:
    own = "project_id = %s"
    for kept in KIND_OF:
        for _ in remove_kept_in_steps(kept, own, [project.pk], batch=BATCH):
            pace.rest()
    for model in (SeenEvent, ItemCount, KeptBytes):
        for _ in delete_in_steps(model, own, [project.pk]):
            pace.rest()
    OutcomeCount.objects.filter(project_id=project.pk).delete()
    # Its dictionaries, releases and quarantined messages go along.
    project.delete()
