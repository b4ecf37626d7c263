"""Adding to the counts."""

from collections.abc import Mapping

from django.db import connection

from projects.models import OutcomeCount
from projects.statistics.outcomes import Counted

_COLUMNS = ", ".join((*Counted._fields, "quantity"))


def add_outcomes(counts: Mapping[Counted, int]) -> None:
    """Add these numbers, in the caller's transaction if there is one.

    In the order of their names, so that two writers never wait for each other in a circle.
    """
    rows = [(*name, quantity) for name, quantity in sorted(counts.items()) if quantity]
    if not rows:
        return
    table = OutcomeCount._meta.db_table
    marks = ", ".join(["%s"] * (len(Counted._fields) + 1))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({_COLUMNS}) VALUES ({marks}) "  # noqa: S608
            f"ON CONFLICT ({', '.join(Counted._fields)}) "
            f"DO UPDATE SET quantity = {table}.quantity + excluded.quantity",
            rows,
        )
