"""The kept events of an issue: one by its id, its neighbours, pages of them."""

import uuid
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, OuterRef, Q, QuerySet, Subquery

from common.text import read_id
from errors.models import Environment, Event, GroupingKey, Release, SeenEvent, StoredItem


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
    # Two queries: of an id that it knows PostgreSQL plans one partition, of a subquery's all.
    row_id = seen.values_list("row_id", flat=True).first()
    return events.filter(pk=row_id).first() if row_id is not None else None


def keys_of_events(events: Set[tuple[int, Any]]) -> dict[tuple[int, Any], int]:
    """The grouping key of each of these events, by project and event id, that is kept."""
    seen = SeenEvent.objects.filter(
        project_id__in={project_id for project_id, _ in events},
        event_id__in={event_id for _, event_id in events},
    )
    rows = list(seen.values_list("row_id", "project_id", "event_id"))
    # Two queries: of ids that it knows PostgreSQL plans their partitions alone.
    kept = Event.objects.filter(pk__in=[row_id for row_id, _, _ in rows])
    keys = dict(kept.values_list("pk", "grouping_key_id"))
    return {
        (project_id, event_id): keys[row_id]
        for row_id, project_id, event_id in rows
        if row_id in keys
    }


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
    """The event's neighbours by arrival; two queries."""
    earlier, later = Q(pk__lt=event.pk), Q(pk__gt=event.pk)
    found = _ends(
        key_ids,
        first=Min(_end_of_key("pk", earlier)),
        previous=Max(_end_of_key("-pk", earlier)),
        next=Min(_end_of_key("pk", later)),
        last=Max(_end_of_key("-pk", later)),
    )
    ids = {pk for pk in found.values() if pk is not None}
    names = {
        pk: event_id.hex
        for pk, event_id in Event.objects.filter(pk__in=ids).values_list("pk", "event_id")
    }
    return Neighbours(**{name: names.get(pk or 0) for name, pk in found.items()})


def newest_event(key_ids: Sequence[int]) -> Event | None:
    """The newest event that is kept."""
    newest = _ends(key_ids, newest=Max(_end_of_key("-pk", Q())))["newest"]
    return None if newest is None else Event.objects.filter(pk=newest).first()


def _ends(key_ids: Sequence[int], **ends: Max | Min) -> dict[str, int | None]:
    return GroupingKey.objects.filter(pk__in=key_ids).aggregate(**ends)


def _end_of_key(order: str, condition: Q) -> Subquery:
    """The first event of a grouping key in this order; its keys are asked one by one.

    For several at once PostgreSQL walks all events by their ids until it meets one of them.
    """
    events = Event.objects.filter(condition, grouping_key=OuterRef("pk")).order_by(order)
    return Subquery(events.values("pk")[:1])


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
