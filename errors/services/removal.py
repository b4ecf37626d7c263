"""Events go with their payloads, and issues with all that hangs on them, in small steps."""

from collections.abc import Iterator, Sequence

from django.db import transaction

from errors.models import (
    Attachment,
    Event,
    EventPayload,
    Feedback,
    GroupingKey,
    HourlyCount,
    Issue,
    IssueSession,
    IssueUser,
    TagCount,
)
from errors.queries.attachments import ids_of_events_files
from errors.rows import BATCH, delete_by_id, delete_in_steps
from errors.services.kept import remove_kept, remove_kept_in_steps
from errors.services.pace import Pace

# How many ids are read at once.
READ_ROWS = 1_000


def remove_events(ids: Sequence[int]) -> int:
    """Remove these few events with their payloads and files; return how many were there.

    What was counted of them stays.
    """
    with transaction.atomic():
        remove_kept(Attachment, ids_of_events_files(ids))
        delete_by_id(EventPayload, ids)
        return delete_by_id(Event, ids)


def ids_of_issue(issue_id: int, *, since: int = 0) -> Iterator[list[int]]:
    """The row ids of an issue's events from `since` on, oldest first, in batches."""
    keys = list(GroupingKey.objects.filter(issue=issue_id).values_list("pk", flat=True))
    events = Event.objects.filter(grouping_key__in=keys).order_by("pk").values_list("pk", flat=True)
    while ids := list(events.filter(pk__gte=since)[:READ_ROWS]):
        yield ids
        since = ids[-1] + 1


def remove_issue(issue_id: int, *, pace: Pace) -> None:
    """Remove an issue with its events, counts, activities and feedback.

    Mark it deleted before, or the digest goes on writing. Raises: Stopped; call it again.
    """
    for ids in ids_of_issue(issue_id):
        for part in pace.parts(ids):
            remove_events(part)
    for key_id in GroupingKey.objects.filter(issue=issue_id).values_list("pk", flat=True):
        for model in (TagCount, HourlyCount, IssueUser, IssueSession):
            for _ in delete_in_steps(model, "grouping_key_id = %s", [key_id]):
                pace.rest()
        for _ in remove_kept_in_steps(Feedback, "grouping_key_id = %s", [key_id], batch=BATCH):
            pace.rest()
    # Its keys and activities go along.
    Issue.objects.filter(pk=issue_id).delete()
    pace.rest()
