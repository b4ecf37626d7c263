"""Events go with their payloads; what was counted of them stays."""

from collections.abc import Iterator, Sequence

from django.db import connection, transaction

from errors.models import Event, EventPayload
from errors.rows import BATCH, delete_by_id


def remove_events(condition: str, values: Sequence[int]) -> int:
    """Remove the events that meet an SQL condition, with their payloads; return how many.

    The condition speaks of `event` and, joined to it, its grouping key as `key`.
    """
    removed = 0
    for ids in _pick(condition, values):
        with transaction.atomic():
            delete_by_id(EventPayload, ids)
            removed += delete_by_id(Event, ids)
    return removed


def _pick(condition: str, values: Sequence[int]) -> Iterator[list[int]]:
    statement = (
        "SELECT event.id FROM errors_groupingkey AS key "  # noqa: S608
        "JOIN errors_event AS event ON event.grouping_key_id = key.id "
        f"WHERE {condition} LIMIT {BATCH}"
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return
        yield ids
