"""Many rows in one statement, in the way that each database does fastest."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

# SQLite takes 32,766 parameters in a statement.
MAX_PARAMETERS = 30_000


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
    found: list[tuple[Any, ...]] = []
    step = MAX_PARAMETERS // len(columns)
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        values = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(part))
        statement = (
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {values} "  # noqa: S608
            f"ON CONFLICT ({', '.join(conflict)}) DO NOTHING RETURNING {', '.join(returning)}"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for row in part for value in row])
            found += cursor.fetchall()
    return found


def add_counts(
    model: type[models.Model], keys: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Add each row's last value to the `count` of the row with these keys, made when absent."""
    table = model._meta.db_table
    names = ", ".join([*keys, "count"])
    values = ", ".join(["%s"] * (len(keys) + 1))
    statement = (
        f"INSERT INTO {table} ({names}) VALUES ({values}) "  # noqa: S608
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET count = {table}.count + excluded.count"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))


def moment(unix_s: float) -> datetime:
    """Unix seconds as an aware time."""
    return datetime.fromtimestamp(unix_s, UTC)


def database_moment(unix_s: float) -> Any:
    """Unix seconds as a raw statement's parameter for a DateTimeField."""
    return connection.ops.adapt_datetimefield_value(moment(unix_s))
