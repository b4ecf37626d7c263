"""The packed bytes of payloads, wherever they lie: in rows or in object storage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from errors.models import EventPayload, MovedPayload, PayloadPack
from errors.storage.packs import read_pack


@dataclass(frozen=True, slots=True)
class Content:
    """A payload as it was packed, and the dictionary that opens it."""

    event_id: int
    dictionary_id: int | None
    packed: bytes


def read_content(event_id: int) -> Content | None:
    """The payload of one event; None when it is no longer kept. Raises PayloadsAwayError."""
    return next(read_contents([event_id]), None)


def read_contents(event_ids: Sequence[int]) -> Iterator[Content]:
    """The payloads of these events that are kept, in no order. Raises PayloadsAwayError."""
    rows = EventPayload.objects.filter(pk__in=event_ids)
    found = list(rows.values_list("pk", "dictionary_id", "content"))
    for event_id, dictionary_id, packed in found:
        yield Content(event_id, dictionary_id, bytes(packed))
    missing = set(event_ids) - {row[0] for row in found}
    if missing:
        # After the rows: what moves in between is seen here.
        yield from _read_moved(sorted(missing))


def _read_moved(event_ids: Sequence[int]) -> Iterator[Content]:
    moved = list(MovedPayload.objects.filter(pk__in=event_ids).order_by("pack_id"))
    names = dict(
        PayloadPack.objects.filter(pk__in={one.pack_id for one in moved}).values_list("pk", "name")
    )
    for one in moved:
        if name := names.get(one.pack_id):
            yield open_moved(one, read_pack(name))


def open_moved(moved: MovedPayload, pack: bytes) -> Content:
    """Cut one payload out of its pack."""
    end = moved.first_byte + moved.size_bytes
    return Content(moved.event_id, moved.dictionary_id, pack[moved.first_byte : end])
