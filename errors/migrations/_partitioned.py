"""Tables that PostgreSQL keeps in one partition a day, by the row id.

Names come from models and the catalogue, never from outside: hence `noqa: S608`.
"""

from collections.abc import Callable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from common.row_ids import day_of, ids_of_day
from errors.partitions import partition_name

# The primary key first: constraints bring their indexes.
_INDEXES = """
    SELECT relname, pg_get_indexdef(indexrelid), pg_get_constraintdef(pg_constraint.oid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    LEFT JOIN pg_constraint ON conindid = indexrelid AND contype IN ('p', 'u')
    WHERE indrelid = %s::regclass ORDER BY indisprimary DESC, relname
"""


class PartitionByDay(Operation):
    """Make a model's table one that is partitioned by ranges of its primary key, a row id.

    On PostgreSQL; SQLite is left alone, and so is Django's state. Rows that are there already
    stay as they lie, as the first partition; going back copies them.
    """

    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Django's state knows nothing of how rows lie."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        meta = to_state.apps.get_model(app_label, self.model_name)._meta
        key = str(meta.pk.column)
        _replace(schema_editor, meta.db_table, f"PARTITION BY RANGE ({key})", _attacher(key))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        _replace(schema_editor, table, "", _copy_rows)

    def describe(self) -> str:
        return f"Partition {self.model_name} by day on PostgreSQL"


def _replace(
    schema_editor: BaseDatabaseSchemaEditor,
    table: str,
    clause: str,
    move_rows: Callable[[CursorWrapper, str, str], None],
) -> None:
    """Put a table with other storage and the same columns, constraints and indexes in its place."""
    if schema_editor.connection.vendor != "postgresql":
        return
    before = f"{table}_before"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_INDEXES, [table])
        indexes = cursor.fetchall()
        cursor.execute(f"ALTER TABLE {table} RENAME TO {before}")
        for name, _, _ in indexes:
            cursor.execute(f"ALTER INDEX {name} RENAME TO {name}_before")
        cursor.execute(
            f"CREATE TABLE {table} (LIKE {before} INCLUDING ALL EXCLUDING INDEXES) {clause}"
        )
        for name, index, constraint in indexes:
            cursor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {constraint}" if constraint else index
            )
        move_rows(cursor, before, table)


def _attacher(key: str) -> Callable[[CursorWrapper, str, str], None]:
    def attach(cursor: CursorWrapper, before: str, table: str) -> None:
        cursor.execute(f"SELECT max({key}) FROM {before}")  # noqa: S608
        (last,) = cursor.fetchone()
        if last is None:
            cursor.execute(f"DROP TABLE {before}")
            return
        name, stop = partition_name(table, day_of(last)), ids_of_day(day_of(last)).stop
        cursor.execute(f"ALTER TABLE {before} RENAME TO {name}")
        cursor.execute(
            f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM (MINVALUE) TO ({stop})"
        )

    return attach


def _copy_rows(cursor: CursorWrapper, before: str, table: str) -> None:
    cursor.execute(f"INSERT INTO {table} SELECT * FROM {before}")  # noqa: S608
    cursor.execute(f"DROP TABLE {before}")
