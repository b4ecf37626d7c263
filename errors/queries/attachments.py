"""The files of events."""

from collections.abc import Sequence

from django.db.models import QuerySet

from errors.models import Attachment, Event

# More than an envelope brings; one event may get several envelopes.
MAX_SHOWN = 100


def attachments_of(event: Event) -> QuerySet[Attachment]:
    """An event's files in the order in which they came, whichever envelope brought them."""
    found = Attachment.objects.filter(project_id=event.project_id, event_id=event.event_id)
    return found.order_by("envelope_id", "position")[:MAX_SHOWN]


def ids_of_events_files(row_ids: Sequence[int]) -> list[int]:
    """The primary keys of all files of these events."""
    # Two queries: of ids that it knows PostgreSQL plans their partitions alone.
    events = set(Event.objects.filter(pk__in=row_ids).values_list("project_id", "event_id"))
    found = Attachment.objects.filter(
        project_id__in={project_id for project_id, _ in events},
        event_id__in={event_id for _, event_id in events},
    )
    rows = found.values_list("pk", "project_id", "event_id")
    return [pk for pk, project_id, event_id in rows if (project_id, event_id) in events]
