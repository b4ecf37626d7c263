"""Whether a project, and the site, may keep more files, items or feedback just now.

Housekeeping removes the oldest down to the budget; until it comes by, a quarter more may be kept.
Beyond that what arrives is only counted, so that no flood fills the disk between two runs.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum

from errors.models import KeptBytes

CACHE_S = 5.0
MAX_ROOMS = 10_000
SLACK = 1.25


@dataclass(slots=True)
class _Room:
    """Bytes that are free, and until when that is believed."""

    until: float
    free_bytes: int


# By project and kind; project None: the site.
_rooms: dict[tuple[int | None, str], _Room] = {}


def has_room(project_id: int, kind: str) -> bool:
    """Whether anything more may be kept; cheap, for before the work."""
    return all(room.free_bytes > 0 for room in _rooms_of(project_id, kind))


def take_room(project_id: int, kind: str, size_bytes: int) -> None:
    """Note what will be kept, until the database says it too."""
    for room in _rooms_of(project_id, kind):
        room.free_bytes -= size_bytes


def forget_rooms() -> None:
    """Read everything anew."""
    _rooms.clear()


def budget_of(kind: str, *, is_whole_site: bool) -> int:
    """The bytes that a project, or the site, keeps of a kind."""
    scope = "SITE" if is_whole_site else "PROJECT"
    budget: int = getattr(settings, f"MAX_{kind.upper()}_BYTES_PER_{scope}")
    return budget


def kept_in(project_id: int) -> dict[str, int]:
    """The bytes that a project keeps of each kind that it has."""
    kept = KeptBytes.objects.filter(project_id=project_id)
    return dict(kept.values_list("kind", "size_bytes"))


def _rooms_of(project_id: int, kind: str) -> tuple[_Room, _Room]:
    return _room(project_id, kind), _room(None, kind)


def _room(project_id: int | None, kind: str) -> _Room:
    room = _rooms.get((project_id, kind))
    if room is None or room.until < time.monotonic():
        if len(_rooms) >= MAX_ROOMS:
            _rooms.clear()
        room = _rooms[(project_id, kind)] = _read(project_id, kind)
    return room


def _read(project_id: int | None, kind: str) -> _Room:
    kept = KeptBytes.objects.filter(kind=kind)
    if project_id is not None:
        kept = kept.filter(project_id=project_id)
    used = kept.aggregate(total=Sum("size_bytes"))["total"] or 0
    budget = budget_of(kind, is_whole_site=project_id is None)
    return _Room(time.monotonic() + CACHE_S, int(budget * SLACK) - used)
