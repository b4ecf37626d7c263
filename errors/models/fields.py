"""Column types that the tables written by the thousand share."""

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
