"""The inbox that takes over on PostgreSQL while Redis is away. No model: only the inbox reads it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Rows live for seconds: half of each page is left to the update that leases them, and dead ones
# go by the thousand, without pauses.
_TABLE = """
CREATE TABLE ingest_inbox (
    id bigint PRIMARY KEY,
    bytes integer NOT NULL,
    crashes smallint NOT NULL DEFAULT 0,
    leased_until timestamptz,
    meta bytea NOT NULL,
    body bytea NOT NULL
) WITH (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = 10000,
    autovacuum_vacuum_cost_delay = 0,
    toast.autovacuum_vacuum_scale_factor = 0,
    toast.autovacuum_vacuum_threshold = 10000,
    toast.autovacuum_vacuum_cost_delay = 0
)
"""

STATEMENTS = (
    _TABLE,
    # Bodies are compressed already.
    "ALTER TABLE ingest_inbox ALTER body SET STORAGE EXTERNAL",
    # In slots (common.row_ids), so that ids go on growing when the table is empty.
    "CREATE SEQUENCE ingest_inbox_slot OWNED BY ingest_inbox.id",
)


def make_table(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in STATEMENTS:
            schema_editor.execute(statement, params=None)


def drop_table(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE ingest_inbox", params=None)


class Migration(migrations.Migration):
    dependencies = [("ingest", "0001_initial")]

    operations = [migrations.RunPython(make_table, drop_table, elidable=False)]
