"""Many rows in one statement, in the way that each database does fastest; deletions in steps.

Names of tables and columns come from models, and values are parameters: hence `noqa: S608`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

from errors.arrays import array_literal

# SQLite takes 32,766 parameters in a statement.
MAX_PARAMETERS = 30_000
# Rows that one deletion takes: about 5 ms of SQLite's one writer for events with payloads.
BATCH = 500
# What binary COPY writes as it is; jsonb and varchar would have to be wrapped.
_BINARY_TYPES = frozenset(
    {"bigint", "bytea", "integer", "smallint", "timestamp with time zone", "uuid"}
)


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Add rows that are known to be new: COPY on PostgreSQL, one prepared insert on SQLite."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        _copy(model, columns, rows)
        return
    names, values = ", ".join(columns), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({values})",  # noqa: S608
            rows,
        )


def _copy(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    types = _types_of(model, columns)
    is_binary = _BINARY_TYPES.issuperset(types)
    how = "(FORMAT binary)" if is_binary else ""
    statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN {how}"
    # Django translates the errors of execute() alone.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        if is_binary:
            copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _types_of(model: type[models.Model], columns: Sequence[str]) -> list[str]:
    return [str(model._meta.get_field(name).db_type(connection)) for name in columns]


def insert_new(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    returning: Sequence[str],
) -> list[tuple[Any, ...]]:
    """Add the rows that no unique index knows yet; return `returning` of those.

    No index is named: of two that know a row either may be met first in a race. Rows come sorted
    by the caller, so that two batches never wait for each other in a circle.
    """
    table, names = model._meta.db_table, ", ".join(columns)
    tail = f"ON CONFLICT DO NOTHING RETURNING {', '.join(returning)}"
    found: list[tuple[Any, ...]] = []
    for part in _parts(rows, len(columns)):
        source, parameters = rows_source(model, columns, part)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({names}) {source} {tail}", parameters)
            found += cursor.fetchall()
    return found


def add_counts(
    model: type[models.Model],
    keys: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    column: str = "count",
) -> None:
    """Add each row's last value to that column of the row with these keys, made when absent."""
    if not rows:
        return
    columns = (*keys, column)
    table, names = model._meta.db_table, ", ".join(columns)
    sum_ = f"{column} = {table}.{column} + excluded.{column}"
    tail = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sum_}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            source, parameters = rows_source(model, columns, rows)
            cursor.execute(f"INSERT INTO {table} ({names}) {source} {tail}", parameters)
        else:
            values = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {table} ({names}) VALUES ({values}) {tail}"  # noqa: S608
            cursor.executemany(statement, rows)


def _parts(rows: Sequence[Sequence[Any]], width: int) -> Iterator[Sequence[Sequence[Any]]]:
    step = MAX_PARAMETERS // width
    return (rows[start : start + step] for start in range(0, len(rows), step))


def rows_source(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[str, list[Any]]:
    """The rows as a query and its parameters: one array a column on PostgreSQL."""
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{type_}[]" for type_ in _types_of(model, columns))
        parameters = [array_literal(column) for column in zip(*rows, strict=True)]
        return f"SELECT * FROM unnest({arrays})", parameters  # noqa: S608
    marks = f"({', '.join(['%s'] * len(columns))})"
    return f"VALUES {', '.join([marks] * len(rows))}", [value for row in rows for value in row]


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Write these columns of rows that the caller has locked; the last of them is the key."""
    if not rows:
        return
    table, key = model._meta.db_table, columns[-1]
    if connection.vendor == "postgresql":
        source, parameters = rows_source(model, columns, rows)
        changes = ", ".join(f"{column} = fresh.{column}" for column in columns[:-1])
        fresh = f"({source}) AS fresh ({', '.join(columns)})"
        statement = f"UPDATE {table} SET {changes} FROM {fresh} WHERE {table}.{key} = fresh.{key}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
        return
    changes = ", ".join(f"{column} = %s" for column in columns[:-1])
    adapt = connection.ops.adapt_datetimefield_value
    adapted = [[adapt(v) if isinstance(v, datetime) else v for v in row] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {changes} WHERE {key} = %s", adapted)  # noqa: S608


def count_where(model: type[models.Model], condition: str, values: Sequence[int]) -> int:
    """Count the rows that `delete_where` would delete."""
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {condition}", values)  # noqa: S608
        return int(cursor.fetchone()[0])


def delete_where(
    model: type[models.Model], condition: str, values: Sequence[int], *, batch: int = BATCH
) -> int:
    """Delete the rows that meet an SQL condition over an index; return how many."""
    return sum(delete_in_steps(model, condition, values, batch=batch))


def delete_in_steps(
    model: type[models.Model], condition: str, values: Sequence[int], *, batch: int = BATCH
) -> Iterator[int]:
    """Delete as `delete_where` does, and yield after each step how many rows it took.

    Each step commits, outside of a transaction, so that writers never wait long.
    """
    table = model._meta.db_table
    key = ", ".join(_key_columns(model))
    picked = f"SELECT {key} FROM {table} WHERE {condition} LIMIT {batch}"  # noqa: S608
    statement = f"DELETE FROM {table} WHERE ({key}) IN ({picked})"  # noqa: S608
    while count := _execute(statement, values):
        yield count


def delete_by_id(model: type[models.Model], ids: Sequence[int]) -> int:
    """Delete these few rows; return how many. No cascades."""
    if not ids:
        return 0
    table, key = model._meta.db_table, _key_columns(model)[0]
    marks = ", ".join(["%s"] * len(ids))
    return _execute(f"DELETE FROM {table} WHERE {key} IN ({marks})", ids)  # noqa: S608


def delete_returning(
    model: type[models.Model], ids: Sequence[int], columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Delete these few rows; return `columns` of those that were there. No cascades."""
    if not ids:
        return []
    table, key = model._meta.db_table, _key_columns(model)[0]
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE {key} IN ({marks}) RETURNING {', '.join(columns)}",  # noqa: S608
            ids,
        )
        return list(cursor.fetchall())


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
