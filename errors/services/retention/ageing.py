"""Issues are new for a while."""

from datetime import datetime, timedelta

from errors.models import Issue

# An issue is no longer new after this long.
NEW_DAYS = 7


def age_issues(*, now: datetime) -> int:
    """Call issues ongoing that have been new for a week; return how many."""
    return Issue.objects.filter(
        status=Issue.Status.UNRESOLVED,
        substatus=Issue.Substatus.NEW,
        first_seen_at__lt=now - timedelta(days=NEW_DAYS),
    ).update(substatus=Issue.Substatus.ONGOING)
