"""Compress earlier payloads again with what has been learnt since."""

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Q

from errors.models import Event, EventPayload, GroupingKey, PayloadDictionary
from errors.rows import delete_by_id, insert_rows
from errors.storage.codec import Dictionary, compress
from errors.storage.dictionaries import dictionary_of
from errors.storage.documents import open_payload

# About 10 ms of SQLite's one writer.
BATCH = 50
KEYS = 100


def recompress_payloads(row: PayloadDictionary) -> int:
    """Pack anew what this dictionary is for, whatever it was packed with; return how many.

    A platform's dictionary leaves alone what groups have packed with their own.
    """
    dictionary = dictionary_of(row.pk)
    if dictionary is None:
        return 0
    return sum(_recompress(ids, row, dictionary) for ids in _batches(row))


def _batches(row: PayloadDictionary) -> Iterator[list[int]]:
    """The ids of the events that it is for, a batch at a time."""
    for keys in _pages_of_keys(row):
        # By their keys alone, which an index has: in the order of all events it would be a join
        # with those of other projects.
        events = Event.objects.filter(grouping_key__in=keys).order_by()
        ids = sorted(events.values_list("pk", flat=True))
        for first in range(0, len(ids), BATCH):
            yield ids[first : first + BATCH]


def _pages_of_keys(row: PayloadDictionary) -> Iterator[list[int]]:
    if row.grouping_key_id:
        yield [row.grouping_key_id]
        return
    keys = GroupingKey.objects.filter(project=row.project_id, issue__platform=row.platform)
    ids, after = keys.order_by("pk").values_list("pk", flat=True), 0
    while page := list(ids.filter(pk__gt=after)[:KEYS]):
        yield page
        after = page[-1]


def _recompress(ids: Sequence[int], row: PayloadDictionary, dictionary: Dictionary) -> int:
    with transaction.atomic():
        payloads = EventPayload.objects.select_for_update().filter(_replaced_by(row), pk__in=ids)
        rows = [
            (pk, row.pk, compress(open_payload(bytes(content), old_id), dictionary))
            for pk, old_id, content in payloads.values_list("pk", "dictionary_id", "content")
        ]
        # Not updated in place: SQLite would leave the freed part of each page empty for ever.
        delete_by_id(EventPayload, [row[0] for row in rows])
        insert_rows(EventPayload, ("event_id", "dictionary_id", "content"), rows)
    return len(rows)


def _replaced_by(row: PayloadDictionary) -> Q:
    """Payloads of the dictionaries before this one."""
    if row.grouping_key_id:
        return ~Q(dictionary_id=row.pk)
    older = PayloadDictionary.objects.filter(
        project=row.project_id, platform=row.platform, grouping_key=None, pk__lt=row.pk
    )
    return Q(dictionary_id=None) | Q(dictionary_id__in=older.values("pk"))
