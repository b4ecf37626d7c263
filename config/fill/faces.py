"""What the rows of issues say: a story's words, and some of their own to tell them apart."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from errors.models import Activity, Issue
from errors.services.retention.ageing import NEW_DAYS

SYLLABLES = [a + b for a in "bcdfgklmnprstvz" for b in "aeiou"]
RESOLVED_SHARE = 0.2
ARCHIVED_SHARE = 0.1
REGRESSED_SHARE = 0.02


def make_word(rng: random.Random) -> str:
    """One of four hundred thousand words."""
    return "".join(rng.choices(SYLLABLES, k=3))


def choose_status(issue: Issue, rng: random.Random, now: datetime) -> None:
    """Let people have dealt with the issue after its last event, or not."""
    dice = rng.random()
    issue.status_changed_at = issue.first_seen_at
    issue.substatus = Issue.Substatus.ONGOING
    if dice < RESOLVED_SHARE + ARCHIVED_SHARE:
        is_resolved = dice < RESOLVED_SHARE
        issue.status = Issue.Status.RESOLVED if is_resolved else Issue.Status.ARCHIVED
        issue.status_changed_at += (now - issue.last_seen_at) * rng.random()
        issue.status_changed_at += issue.last_seen_at - issue.first_seen_at
    elif dice > 1 - REGRESSED_SHARE:
        issue.substatus = Issue.Substatus.REGRESSED
        issue.status_changed_at = issue.last_seen_at
    elif issue.first_seen_at >= now - timedelta(days=NEW_DAYS):
        issue.substatus = Issue.Substatus.NEW


def activities_of(issue: Issue, user_id: int) -> Sequence[Activity]:
    """What led to the issue's status."""
    kinds = Activity.Kind
    if issue.status == Issue.Status.RESOLVED:
        return [_activity(issue, kinds.RESOLVED, user_id)]
    if issue.status == Issue.Status.ARCHIVED:
        return [_activity(issue, kinds.ARCHIVED, user_id)]
    if issue.substatus == Issue.Substatus.REGRESSED:
        resolved = _activity(issue, kinds.RESOLVED, user_id)
        resolved.created_at -= timedelta(hours=1)
        return [resolved, _activity(issue, kinds.REGRESSED, None)]
    return []


def _activity(issue: Issue, kind: Activity.Kind, user_id: int | None) -> Activity:
    return Activity(
        issue_id=issue.pk, kind=kind, user_id=user_id, created_at=issue.status_changed_at
    )
