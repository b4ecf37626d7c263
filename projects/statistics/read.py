"""Reading the counts of one project."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import QuerySet, Sum

from projects.models import OutcomeCount


class Total(NamedTuple):
    """How much had an outcome in all hours asked for."""

    outcome: str
    category: str
    reason: str
    quantity: int


class InHour(NamedTuple):
    """How much of a category had an outcome in one hour since 1970."""

    hour: int
    outcome: str
    category: str
    quantity: int


def read_totals(project_id: int, *, since_hour: int, until_hour: int) -> list[Total]:
    """Every outcome, category and reason in these hours, the last one left out."""
    rows = _between(project_id, since_hour, until_hour)
    found = rows.values_list("outcome", "category", "reason").annotate(n=Sum("quantity"))
    return [Total(*row) for row in found if row[3]]


def read_hours(
    project_id: int, categories: Collection[str], *, since_hour: int, until_hour: int
) -> list[InHour]:
    """Each hour that has something of these categories."""
    rows = _between(project_id, since_hour, until_hour).filter(category__in=categories)
    found = rows.values_list("hour", "outcome", "category").annotate(n=Sum("quantity"))
    return [InHour(*row) for row in found if row[3]]


def _between(project_id: int, since_hour: int, until_hour: int) -> QuerySet[OutcomeCount]:
    hours = OutcomeCount.objects.filter(hour__gte=since_hour, hour__lt=until_hour)
    return hours.filter(project_id=project_id).order_by()
