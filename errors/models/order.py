"""What issues are sorted by without an index being written for each event.

PostgreSQL writes a changed row into all indexes of its table as soon as one indexed column
changes, and leaves all of them alone else. These expressions follow a figure and change seldom;
the figure itself decides between rows that have the same.
"""

from typing import Any

from django.db import models
from django.db.models.functions import Cast, Length, Substr


class HourOf(models.Func):
    """Hours since 1970 (UTC) of a time; on SQLite a full hour may still count as the one before."""

    output_field = models.IntegerField()
    arity = 1
    template = "CAST((julianday(%(expressions)s) - 2440587.5) * 24 AS integer)"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        # With its zone a time would depend on the session, and could not be stored.
        seconds = "EXTRACT(EPOCH FROM (%(expressions)s AT TIME ZONE 'UTC'))"
        template = f"CAST(FLOOR({seconds} / 3600) AS integer)"
        return self.as_sql(compiler, connection, template=template, **extra)


def magnitude_of(field: str) -> models.Expression:
    """The number of digits and the first digit: 7 is 17, 2,431 is 42. Zero is 10.

    It grows with the number, in nine steps for each factor of ten.
    """
    digits = Cast(field, models.TextField())
    first = Cast(Substr(digits, 1, 1), models.SmallIntegerField())
    return models.ExpressionWrapper(Length(digits) * 10 + first, models.SmallIntegerField())


def sort_indexes(key: str, name: str) -> list[models.Index]:
    """For lists of one status in this order: one of a project, one of all."""
    return [
        models.Index(fields=["project", "status", key], name=name),
        models.Index(fields=["status", key], name=f"{name}_anywhere"),
    ]
