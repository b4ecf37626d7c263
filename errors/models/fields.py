"""Column types that the tables written by the thousand share."""

from typing import Any
from uuid import UUID

from django.db import connection as default_connection
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class RowIdField(models.BigIntegerField):  # type: ignore[type-arg]  # django-stubs infers them
    """A primary key in the layout of `common.row_ids`: 64 bits.

    SQLite takes only a column named INTEGER as the key of its one tree; a bigint would cost a
    second tree, 20 bytes a row and half the speed of an insert.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        if connection.vendor == "sqlite":
            return "integer"
        return super().db_type(connection)


class EventIdField(models.UUIDField):  # type: ignore[type-arg]  # django-stubs infers them
    """An event's id: a uuid, on SQLite as 16 bytes in place of Django's 32 letters."""

    def get_internal_type(self) -> str:
        # Not Django's "UUIDField": SQLite's backend would read letters.
        return "EventIdField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "blob" if connection.vendor == "sqlite" else "uuid"

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        event_id = self.to_python(value)
        is_sqlite = connection.vendor == "sqlite"
        return event_id.bytes if is_sqlite and event_id is not None else event_id

    def from_db_value(self, value: Any, *_: object) -> UUID | None:
        return UUID(bytes=value) if isinstance(value, bytes) else value


def database_event_id(event_id: str) -> Any:
    """32 hex digits as a raw statement's parameter for an EventIdField."""
    is_sqlite = default_connection.vendor == "sqlite"
    return bytes.fromhex(event_id) if is_sqlite else UUID(event_id)
