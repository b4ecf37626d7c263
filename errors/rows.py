"""Many rows in one statement, in the way that each database does fastest; deletions in steps.

Names of tables and columns come from models, and values are parameters: hence `noqa: S608`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

# SQLite takes 32,766 parameters in a statement.
MAX_PARAMETERS = 30_000
# Rows that one deletion takes: about 5 ms of SQLite's one writer for events with payloads.
BATCH = 500


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Add rows that are known to be new: COPY on PostgreSQL, one prepared insert on SQLite."""
    if not rows:
        return
    names = ", ".join(columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            values = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({values})", rows)  # noqa: S608


def insert_new(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    conflict: Sequence[str],
    returning: Sequence[str],
) -> list[tuple[Any, ...]]:
    """Add the rows whose `conflict` columns are not there yet; return `returning` of those.

    Rows come sorted by the caller, so that two batches never wait for each other in a circle.
    """
    table, names = model._meta.db_table, ", ".join(columns)
    tail = f"ON CONFLICT ({', '.join(conflict)}) DO NOTHING RETURNING {', '.join(returning)}"
    found: list[tuple[Any, ...]] = []
    for part in _parts(rows, len(columns)):
        source, parameters = _source(model, columns, part)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({names}) {source} {tail}", parameters)
            found += cursor.fetchall()
    return found


def add_counts(
    model: type[models.Model], keys: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Add each row's last value to the `count` of the row with these keys, made when absent."""
    if not rows:
        return
    columns = (*keys, "count")
    table, names = model._meta.db_table, ", ".join(columns)
    tail = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET count = {table}.count + excluded.count"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            source, parameters = _source(model, columns, rows)
            cursor.execute(f"INSERT INTO {table} ({names}) {source} {tail}", parameters)
        else:
            values = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {table} ({names}) VALUES ({values}) {tail}"  # noqa: S608
            cursor.executemany(statement, rows)


def _parts(rows: Sequence[Sequence[Any]], width: int) -> Iterator[Sequence[Sequence[Any]]]:
    step = MAX_PARAMETERS // width
    return (rows[start : start + step] for start in range(0, len(rows), step))


def _source(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[str, list[Any]]:
    """The rows as a statement's source: one array a column on PostgreSQL, five times as fast."""
    if connection.vendor == "postgresql":
        types = [model._meta.get_field(name).db_type(connection) for name in columns]
        arrays = ", ".join(f"%s::{type_}[]" for type_ in types)
        parameters = [list(column) for column in zip(*rows, strict=True)]
        return f"SELECT * FROM unnest({arrays})", parameters  # noqa: S608
    marks = f"({', '.join(['%s'] * len(columns))})"
    return f"VALUES {', '.join([marks] * len(rows))}", [value for row in rows for value in row]


def delete_where(
    model: type[models.Model], condition: str, values: Sequence[int], *, batch: int = BATCH
) -> int:
    """Delete the rows that meet an SQL condition over an index; return how many.

    Each step commits, outside of a transaction, so that writers never wait long.
    """
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


def moment(unix_s: float) -> datetime:
    """Unix seconds as an aware time."""
    return datetime.fromtimestamp(unix_s, UTC)


def database_moment(unix_s: float) -> Any:
    """Unix seconds as a raw statement's parameter for a DateTimeField."""
    return connection.ops.adapt_datetimefield_value(moment(unix_s))
