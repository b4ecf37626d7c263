"""Compress earlier payloads again with what has been learnt since."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from errors.models import Event, EventPayload, PayloadDictionary
from errors.rows import delete_by_id, insert_rows
from errors.storage.codec import Dictionary, compress
from errors.storage.dictionaries import dictionary_of
from errors.storage.documents import open_payload

# About 10 ms of SQLite's one writer.
BATCH = 50


def recompress_payloads(row: PayloadDictionary) -> int:
    """Pack anew what this dictionary is for, whatever it was packed with; return how many.

    A platform's dictionary leaves alone what groups have packed with their own.
    """
    dictionary = dictionary_of(row.pk)
    events = _events_of(row)
    count = last_id = 0
    while dictionary and (ids := _next_ids(events, last_id)):
        count += _recompress(ids, row, dictionary)
        last_id = ids[-1]
    return count


def _events_of(row: PayloadDictionary) -> QuerySet[Event]:
    if row.grouping_key_id:
        return Event.objects.filter(grouping_key=row.grouping_key_id)
    return Event.objects.filter(
        grouping_key__project=row.project_id, grouping_key__issue__platform=row.platform
    )


def _next_ids(events: QuerySet[Event], last_id: int) -> list[int]:
    later = events.filter(pk__gt=last_id).order_by("pk")
    return list(later.values_list("pk", flat=True)[:BATCH])


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
