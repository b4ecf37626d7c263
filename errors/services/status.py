"""What people do with issues: resolve, reopen, archive, delete; and taking it back.

Every function takes issues that the caller has already limited to those the person may change
(`Issue.objects.writable_by`), and leaves one activity row for each issue that really changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from errors.models import Activity, Issue
from errors.models.issue import IssueQuerySet

Kind = Activity.Kind
Status = Issue.Status
Substatus = Issue.Substatus

KIND_OF_STATUS = {
    Status.RESOLVED.value: Kind.RESOLVED,
    Status.ARCHIVED.value: Kind.ARCHIVED,
    Status.UNRESOLVED.value: Kind.REOPENED,
}


@dataclass(frozen=True, slots=True)
class Change:
    """What an issue was before somebody changed it at `changed_at`; undo puts it back."""

    issue_id: int
    status: str
    substatus: str
    changed_at: datetime


def resolve_issues(
    issues: IssueQuerySet, *, user: User | None, now: datetime, key: str = ""
) -> list[Change]:
    """Close issues; an event received after `now` brings one back as regressed.

    key: what the API key is called by which it was done; "" where a person did it.
    """
    return _set_status(issues, Status.RESOLVED, user=user, now=now, key=key)


def archive_issues(issues: IssueQuerySet, *, user: User | None, now: datetime) -> list[Change]:
    """Put issues away for good: their events are counted, and nobody is bothered."""
    return _set_status(issues, Status.ARCHIVED, user=user, now=now)


def reopen_issues(issues: IssueQuerySet, *, user: User | None, now: datetime) -> list[Change]:
    """Put resolved and archived issues back among the unresolved ones, as ongoing."""
    return _set_status(issues, Status.UNRESOLVED, user=user, now=now)


def _set_status(
    issues: IssueQuerySet, status: Status, *, user: User | None, now: datetime, key: str = ""
) -> list[Change]:
    with transaction.atomic():
        # In id order, as the digest locks them.
        found = list(issues.exclude(status=status).order_by("pk").select_for_update(of=("self",)))
        changes = [Change(issue.pk, issue.status, issue.substatus, now) for issue in found]
        Issue.objects.filter(pk__in=[issue.pk for issue in found]).update(
            status=status, substatus=Substatus.ONGOING, status_changed_at=now
        )
        data = {"key": key} if key else {}
        _record(changes, KIND_OF_STATUS[status.value], user=user, now=now, data=data)
    return changes


def undo_changes(
    changes: Iterable[Change], issues: IssueQuerySet, *, user: User | None, now: datetime
) -> list[Change]:
    """Put back what these changes did, except where an issue has changed again since.

    `issues` are those the person may change; returns the changes that were taken back.
    """
    by_id = {change.issue_id: change for change in changes}
    with transaction.atomic():
        found = issues.filter(pk__in=by_id).order_by("pk").select_for_update(of=("self",))
        undone = [
            by_id[issue.pk]
            for issue in found
            if issue.status_changed_at == by_id[issue.pk].changed_at
        ]
        for change in undone:
            _restore(change, user=user, now=now)
    return undone


def _restore(change: Change, *, user: User | None, now: datetime) -> None:
    Issue.objects.filter(pk=change.issue_id).update(
        status=change.status, substatus=change.substatus, status_changed_at=now
    )
    kind = KIND_OF_STATUS[change.status]
    _record([change], kind, user=user, now=now, data={"is_undo": True})


def mark_deleted(issues: IssueQuerySet, *, now: datetime) -> int:
    """Hide issues at once; a background task removes their rows. Returns how many."""
    return issues.filter(deleted_at=None).update(deleted_at=now)


def _record(
    changes: list[Change],
    kind: Activity.Kind,
    *,
    user: User | None,
    now: datetime,
    data: dict[str, bool] | dict[str, str],
) -> None:
    Activity.objects.bulk_create(
        Activity(issue_id=change.issue_id, user=user, kind=kind, data=data, created_at=now)
        for change in changes
    )
