"""Compress earlier payloads again with what has been learnt since."""

from django.db import connection, transaction

from errors.models import Event, EventPayload, PayloadDictionary
from errors.storage.codec import compress
from errors.storage.dictionaries import dictionary_of
from errors.storage.documents import open_payload

# About 10 ms of SQLite's one writer.
BATCH = 50
# A payload that shrinks by less stays as it is.
MIN_GAIN = 0.9


def recompress_payloads(dictionary_id: int) -> int:
    """Pack the platform's payloads of older dictionaries anew, those of none first of all.

    Returns how many were packed anew.
    """
    row = PayloadDictionary.objects.filter(pk=dictionary_id).first()
    if row is None:
        return 0
    count = 0
    last_id = 0
    while ids := _next_ids(row, last_id):
        count += _recompress(ids, dictionary_id)
        last_id = ids[-1]
    return count


def _next_ids(row: PayloadDictionary, last_id: int) -> list[int]:
    """The next events of the dictionary's project and platform, by id."""
    events = Event.objects.filter(
        project_id=row.project_id, grouping_key__issue__platform=row.platform, pk__gt=last_id
    )
    return list(events.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _recompress(ids: list[int], dictionary_id: int) -> int:
    dictionary = dictionary_of(dictionary_id)
    payloads = EventPayload.objects.filter(pk__in=ids).exclude(dictionary_id=dictionary_id)
    rows = []
    for event_id, content, old_id in payloads.values_list("pk", "content", "dictionary_id"):
        packed = compress(open_payload(bytes(content), old_id), dictionary)
        if len(packed) < len(content) * MIN_GAIN:
            rows.append((packed, dictionary_id, event_id))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE errors_eventpayload SET content = %s, dictionary_id = %s WHERE event_id = %s",
            rows,
        )
    return len(rows)
