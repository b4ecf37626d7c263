"""Old counts by the hour become sums; no total changes."""

from collections import Counter
from collections.abc import Iterator

from django.db import transaction

from projects.models import OutcomeCount
from projects.statistics.outcomes import Counted
from projects.statistics.record import add_outcomes

# The hour that stands for all before those that are kept apart.
EARLIER = 0


def fold_outcomes(*, before_hour: int) -> Iterator[int]:
    """Add each project's older hours up to one row a name; yield how many rows went for each."""
    old = OutcomeCount.objects.filter(hour__gt=EARLIER, hour__lt=before_hour).order_by()
    for project_id in list(old.values_list("project_id", flat=True).distinct()):
        with transaction.atomic():
            # In the order in which others add to them.
            own = old.filter(project_id=project_id).order_by(*Counted._fields)
            rows = list(own.select_for_update())
            sums: Counter[Counted] = Counter()
            for row in rows:
                name = Counted(project_id, EARLIER, row.outcome, row.category, row.reason)
                sums[name] += row.quantity
            OutcomeCount.objects.filter(pk__in=[row.pk for row in rows]).delete()
            add_outcomes(sums)
        yield len(rows)
