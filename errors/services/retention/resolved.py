"""Issues that were resolved long ago, and nobody and nothing touched since."""

from django.db.models import Exists, OuterRef

from errors.cutoffs import Cutoffs
from errors.models import Activity, Issue
from errors.models.issue import IssueQuerySet
from errors.services.removal import ids_of_issue, remove_issue
from errors.services.retention.run import Reason, Run

# How many issues are looked up at once.
READ_ISSUES = 200


def remove_resolved_issues(run: Run) -> None:
    """Remove them with their events, counts and activity."""
    for project_id, cutoffs in run.cutoffs.items():
        after = 0
        while issue_ids := _find(project_id, cutoffs, after):
            for issue_id in issue_ids:
                _remove(run, project_id, issue_id, cutoffs)
            after = issue_ids[-1]


def _find(project_id: int, cutoffs: Cutoffs, after: int) -> list[int]:
    found = _long_resolved(cutoffs).filter(project=project_id, pk__gt=after).order_by("pk")
    return list(found.values_list("pk", flat=True)[:READ_ISSUES])


def _long_resolved(cutoffs: Cutoffs) -> IssueQuerySet:
    before = cutoffs.resolved_before
    if before is None:
        return Issue.objects.none()
    touched = Activity.objects.filter(issue=OuterRef("pk"), created_at__gte=before)
    return Issue.objects.filter(
        ~Exists(touched),
        deleted_at=None,
        status=Issue.Status.RESOLVED,
        status_changed_at__lt=before,
        last_seen_at__lt=before,
    )


def _remove(run: Run, project_id: int, issue_id: int, cutoffs: Cutoffs) -> None:
    # Once marked the digest makes another issue of what comes; it may have reopened this one.
    if not run.is_dry and not _long_resolved(cutoffs).filter(pk=issue_id).update(
        deleted_at=run.now
    ):
        return
    run.gone_issues.add(issue_id)
    for ids in ids_of_issue(issue_id, since=cutoffs.events_before):
        run.gone_events[project_id] += len(ids)
        run.take(ids, Reason.RESOLVED)
    run.report.issues += 1
    if not run.is_dry:
        remove_issue(issue_id, pace=run.pace)
