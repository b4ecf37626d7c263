"""Which envelopes a program lists: a page of them, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from errors.models import Event, StoredEnvelope
from projects.models import ProjectQuerySet

# No index has a project's events in order: so many of the site's are looked at for one page.
WINDOW = 20_000

# Row id, project id, event id.
Place = tuple[int, int, UUID | None]


@dataclass(frozen=True, slots=True)
class EnvelopePage:
    """Envelopes, newest first, and before which row id there may be more."""

    places: list[Place]
    next_before: int | None


def page_of_envelopes(
    projects: ProjectQuerySet, *, before: int | None, limit: int, offset: int
) -> EnvelopePage:
    """The envelopes of these projects that came before the one numbered `before`.

    A page may hold fewer than `limit`, or none, while older ones exist: `next_before` tells.
    """
    oldest = _end_of_window(before)
    own = projects.values("pk")
    events = _older(Event.objects.filter(project__in=own), before, oldest)
    others = _older(StoredEnvelope.objects.filter(project__in=own), before, oldest)
    end = offset + limit
    newest = merge(_places(events, end), _places(others, end), key=itemgetter(0), reverse=True)
    places = list(islice(newest, offset, end))
    if len(places) == limit:
        return EnvelopePage(places, places[-1][0])
    return EnvelopePage(places, oldest)


def _end_of_window(before: int | None) -> int | None:
    """The id of the last event that is looked at; None where they all are."""
    ids = _older(Event.objects.all(), before, None).order_by("-pk").values_list("pk", flat=True)
    last: int | None = ids[WINDOW - 1 : WINDOW].first()
    return last


def _older(rows: QuerySet[Any], before: int | None, oldest: int | None) -> QuerySet[Any]:
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return rows if oldest is None else rows.filter(pk__gte=oldest)


def _places(rows: QuerySet[Any], count: int) -> Iterator[Place]:
    return iter(rows.order_by("-pk").values_list("pk", "project_id", "event_id")[:count])
