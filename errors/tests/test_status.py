"""Resolve, reopen, archive, delete and undo, as services."""

from datetime import timedelta

import pytest
from django.utils import timezone

from errors.models import Activity, Issue
from errors.services.status import (
    archive_issues,
    mark_deleted,
    reopen_issues,
    resolve_issues,
    undo_changes,
)
from errors.tests.factories import make_issue, make_person, make_project

pytestmark = pytest.mark.django_db

Status, Substatus = Issue.Status, Issue.Substatus


def test_resolving_changes_status_and_leaves_an_activity() -> None:
    issue, user, now = make_issue(make_project()), make_person(), timezone.now()
    resolve_issues(Issue.objects.all(), user=user, now=now)
    issue.refresh_from_db()
    assert (issue.status, issue.status_changed_at) == (Status.RESOLVED, now)
    activity = Activity.objects.get()
    assert (activity.issue, activity.user, activity.kind) == (issue, user, "resolved")


def test_resolving_a_resolved_issue_changes_nothing() -> None:
    make_issue(make_project(), status=Status.RESOLVED)
    assert resolve_issues(Issue.objects.all(), user=None, now=timezone.now()) == []
    assert not Activity.objects.exists()


def test_archiving_and_reopening() -> None:
    issue = make_issue(make_project())
    archive_issues(Issue.objects.all(), user=None, now=timezone.now())
    issue.refresh_from_db()
    assert issue.status == Status.ARCHIVED
    reopen_issues(Issue.objects.all(), user=None, now=timezone.now())
    issue.refresh_from_db()
    assert (issue.status, issue.substatus) == (Status.UNRESOLVED, Substatus.ONGOING)
    assert [row.kind for row in Activity.objects.all()] == ["reopened", "archived"]


def test_undo_puts_status_and_substatus_back_and_says_so() -> None:
    issue, user = make_issue(make_project(), substatus=Substatus.REGRESSED), make_person()
    changes = resolve_issues(Issue.objects.all(), user=user, now=timezone.now())
    undo_changes(changes, Issue.objects.all(), user=user, now=timezone.now())
    issue.refresh_from_db()
    assert (issue.status, issue.substatus) == (Status.UNRESOLVED, Substatus.REGRESSED)
    newest = Activity.objects.first()
    assert newest is not None
    assert (newest.kind, newest.data) == ("reopened", {"is_undo": True})


def test_undo_leaves_an_issue_alone_that_changed_again() -> None:
    issue, now = make_issue(make_project()), timezone.now()
    changes = resolve_issues(Issue.objects.all(), user=None, now=now)
    archive_issues(Issue.objects.all(), user=None, now=now + timedelta(seconds=5))
    assert undo_changes(changes, Issue.objects.all(), user=None, now=timezone.now()) == []
    issue.refresh_from_db()
    assert issue.status == Status.ARCHIVED


def test_undo_touches_only_issues_that_the_person_may_change() -> None:
    issue = make_issue(make_project())
    changes = resolve_issues(Issue.objects.all(), user=None, now=timezone.now())
    stranger = make_person()
    others = Issue.objects.writable_by(stranger)
    assert undo_changes(changes, others, user=stranger, now=timezone.now()) == []
    issue.refresh_from_db()
    assert issue.status == Status.RESOLVED


def test_a_deleted_issue_is_gone_for_everybody() -> None:
    project = make_project()
    make_issue(project)
    member = make_person(project)
    assert mark_deleted(Issue.objects.all(), now=timezone.now()) == 1
    assert not Issue.objects.visible_to(member).exists()
    assert mark_deleted(Issue.objects.all(), now=timezone.now()) == 0
