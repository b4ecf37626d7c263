"""The kept events of an issue: one by its id, its neighbours, pages of them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from common.text import read_id
from errors.models import Environment, Event, Release, SeenEvent, StoredItem


def events_of_keys(key_ids: Sequence[int]) -> QuerySet[Event]:
    """The kept events of these grouping keys, newest first."""
    return Event.objects.filter(grouping_key_id__in=key_ids).order_by("-pk")


def find_event(key_ids: Sequence[int], project_id: int, text: str) -> Event | None:
    """The event with this id: the client's 32 hex digits, dashed or not, or the row's number."""
    events = events_of_keys(key_ids)
    row_id = read_id(text)
    if row_id is not None:
        return events.filter(pk=row_id).first()
    try:
        event_id = uuid.UUID(text)
    except ValueError:
        return None
    seen = SeenEvent.objects.filter(project_id=project_id, event_id=event_id)
    return events.filter(pk__in=seen.values("row_id")).first()


def other_items_of(event: Event) -> QuerySet[StoredItem]:
    """What else came in the event's envelope, in its order, without the payloads."""
    items = StoredItem.objects.filter(envelope_id=event.pk, project_id=event.project_id)
    return items.defer("payload").order_by("position")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where one can go from an event: the ids of others, None where it stands at an end."""

    first: str | None
    previous: str | None
    next: str | None
    last: str | None


def neighbours_of(key_ids: Sequence[int], event: Event) -> Neighbours:
    """The event's neighbours by arrival; four index look-ups."""
    earlier = events_of_keys(key_ids).filter(pk__lt=event.pk)
    later = events_of_keys(key_ids).filter(pk__gt=event.pk)
    return Neighbours(
        first=_id_of(earlier.reverse()),
        previous=_id_of(earlier),
        next=_id_of(later.reverse()),
        last=_id_of(later),
    )


def _id_of(events: QuerySet[Event]) -> str | None:
    event_id = events.values_list("event_id", flat=True).first()
    return event_id.hex if event_id else None


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as a list shows it."""

    event: Event
    release: str
    environment: str


def lines_of(events: Iterable[Event]) -> list[EventLine]:
    """Events with the names of their releases and environments; two queries for all."""
    found = list(events)
    releases = _names(Release, "version", [event.release_id for event in found])
    places = _names(Environment, "name", [event.environment_id for event in found])
    return [
        EventLine(event, releases.get(event.release_id, ""), places.get(event.environment_id, ""))
        for event in found
    ]


def _names(
    model: type[Release] | type[Environment], field: str, ids: Iterable[int | None]
) -> dict[int | None, str]:
    wanted = {pk for pk in ids if pk is not None}
    return dict(model.objects.filter(pk__in=wanted).values_list("pk", field))
