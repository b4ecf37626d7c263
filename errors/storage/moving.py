"""Move older payloads out of the database, many to an object, and back.

The order of steps makes a crash harmless: the pack's row, its object, reading it back, and only
then, in one transaction, the payloads' rows. What is left behind is a pack that nothing needs.
"""

import secrets
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate

from django.db import transaction
from django.db.models import QuerySet

from errors.models import Event, EventPayload, MovedPayload, PayloadPack
from errors.rows import delete_by_id, insert_rows
from errors.storage.contents import Content, open_moved
from errors.storage.packs import read_pack, write_pack

# Read at once, and so the most that one pack holds: 1 MB or 2 for usual events.
BATCH_PAYLOADS = 1_000
BATCH_BYTES = 2 * 1024 * 1024
STEP = 100
_PAYLOAD = ("event_id", "dictionary_id", "content")
_MOVED = ("event_id", "dictionary_id", "pack_id", "first_byte", "size_bytes")


def move_payloads(before_id: int, *, now: datetime, budget_s: float) -> int:
    """Move the payloads of events with lesser ids, oldest first; return how many.

    Raises: PayloadsAwayError; what was moved until then stays moved.
    """
    deadline = time.monotonic() + budget_s
    moved = last_id = 0
    while time.monotonic() < deadline and (batch := _read_batch(last_id, before_id)):
        last_id = batch[-1].event_id
        for project_id, contents in _by_project(batch).items():
            moved += _move(project_id, contents, now)
    return moved


def return_payloads(pack: PayloadPack) -> int:
    """Give a pack's payloads back to the database; return how many. Raises PayloadsAwayError."""
    content = read_pack(pack.name)
    with transaction.atomic():
        if not _lock_pack(pack):
            return 0
        moved = list(moved_in(pack).select_for_update())
        # Locked: an event that is removed meanwhile would leave its payload behind.
        events = Event.objects.select_for_update().filter(pk__in=[one.pk for one in moved])
        kept = set(events.values_list("pk", flat=True))
        contents = [open_moved(one, content) for one in moved if one.pk in kept]
        delete_by_id(MovedPayload, [one.pk for one in moved])
        rows = [(one.event_id, one.dictionary_id, one.packed) for one in contents]
        insert_rows(EventPayload, _PAYLOAD, rows)
    return len(contents)


def moved_in(pack: PayloadPack) -> QuerySet[MovedPayload]:
    """The payloads that lie in a pack: one range of the primary key."""
    ids = (pack.first_event_id, pack.last_event_id)
    return MovedPayload.objects.filter(event_id__range=ids, pack_id=pack.pk).order_by("pk")


def _read_batch(last_id: int, before_id: int) -> list[Content]:
    batch: list[Content] = []
    size = 0
    while len(batch) < BATCH_PAYLOADS and size < BATCH_BYTES:
        rows = EventPayload.objects.filter(pk__gt=last_id, pk__lt=before_id).order_by("pk")
        step = [
            Content(event_id, dictionary_id, bytes(packed))
            for event_id, dictionary_id, packed in rows.values_list(*_PAYLOAD)[:STEP]
        ]
        if not step:
            break
        batch += step
        size += sum(len(one.packed) for one in step)
        last_id = step[-1].event_id
    return batch


def _by_project(batch: Sequence[Content]) -> dict[int, list[Content]]:
    """A pack is of one project, and goes with it."""
    ids = [one.event_id for one in batch]
    projects = dict(Event.objects.filter(pk__in=ids).values_list("pk", "project_id"))
    found: dict[int, list[Content]] = {}
    for one in batch:
        if one.event_id in projects:
            found.setdefault(projects[one.event_id], []).append(one)
    return found


def _move(project_id: int, contents: Sequence[Content], now: datetime) -> int:
    content = b"".join(one.packed for one in contents)
    pack = PayloadPack.objects.create(
        project_id=project_id,
        name=f"{now:%Y/%m/%d}/{project_id}-{secrets.token_hex(12)}",
        first_event_id=contents[0].event_id,
        last_event_id=contents[-1].event_id,
        payload_count=len(contents),
        size_bytes=len(content),
        created_at=now,
        swept_at=now,
    )
    write_pack(pack.name, content)
    with transaction.atomic():
        return _repoint(contents, pack) if _lock_pack(pack) else 0


def _repoint(contents: Sequence[Content], pack: PayloadPack) -> int:
    """Replace the payloads' rows, except those that went or changed since they were read."""
    ids = [one.event_id for one in contents]
    rows = EventPayload.objects.select_for_update().filter(pk__in=ids)
    present = set(rows.values_list("pk", "dictionary_id"))
    moved = [
        (one.event_id, one.dictionary_id, pack.pk, offset, len(one.packed))
        for one, offset in zip(contents, _offsets(contents), strict=False)
        if (one.event_id, one.dictionary_id) in present
    ]
    delete_by_id(EventPayload, [row[0] for row in moved])
    insert_rows(MovedPayload, _MOVED, moved)
    return len(moved)


def _offsets(contents: Sequence[Content]) -> Iterator[int]:
    return accumulate((len(one.packed) for one in contents), initial=0)


def _lock_pack(pack: PayloadPack) -> bool:
    """Whether the pack is still there; it stays so until the transaction ends."""
    return PayloadPack.objects.select_for_update().filter(pk=pack.pk).exists()
