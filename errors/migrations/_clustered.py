"""Tables that SQLite keeps in the order of their composite primary key."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class ClusterByPrimaryKey(Operation):
    """Make the new, empty tables of these models WITHOUT ROWID on SQLite.

    One tree instead of two: half the space and half the writes. PostgreSQL is left alone.
    Django rebuilds a table when a column changes; repeat this operation after such a migration.
    """

    reversible = True

    def __init__(self, *model_names: str) -> None:
        self.model_names = model_names

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Django's state knows nothing of how rows lie."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "sqlite":
            return
        for name in self.model_names:
            _rebuild(schema_editor, to_state.apps.get_model(app_label, name)._meta.db_table)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Nothing: the tables are about to go."""

    def describe(self) -> str:
        return f"Cluster {', '.join(self.model_names)} by primary key on SQLite"


def _rebuild(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
        (statement,) = cursor.fetchone()
    schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(table)}", params=None)
    schema_editor.execute(f"{statement} WITHOUT ROWID", params=None)
