"""Deleting much, a little at a time: each statement commits, so that writers never wait long."""

from collections.abc import Sequence

from django.db import connection, models

# About 5 ms of SQLite's one writer for events with payloads.
BATCH = 500


def delete_where(
    model: type[models.Model], condition: str, values: Sequence[int], *, batch: int = BATCH
) -> int:
    """Delete the rows that meet an SQL condition over an index, in batches; return how many."""
    table = model._meta.db_table
    key = ", ".join(_key_columns(model))
    picked = f"SELECT {key} FROM {table} WHERE {condition} LIMIT {batch}"  # noqa: S608
    statement = f"DELETE FROM {table} WHERE ({key}) IN ({picked})"  # noqa: S608
    removed = 0
    while count := _execute(statement, values):
        removed += count
    return removed


def delete_by_id(model: type[models.Model], ids: Sequence[int]) -> int:
    """Delete these few rows; return how many. No cascades."""
    if not ids:
        return 0
    table, key = model._meta.db_table, _key_columns(model)[0]
    marks = ", ".join(["%s"] * len(ids))
    return _execute(f"DELETE FROM {table} WHERE {key} IN ({marks})", ids)  # noqa: S608


def _key_columns(model: type[models.Model]) -> list[str]:
    return [str(field.column) for field in model._meta.pk_fields]


def _execute(statement: str, values: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
