"""Pages of long lists."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """Counts no further than LIMIT rows: nobody pages there, and a full count takes seconds."""

    LIMIT = 10_000

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]  # only query sets are paged
        # In its order, which an index has: without one the database would read the table.
        return rows[: self.LIMIT].count()

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than `count` says."""
        return self.count >= self.LIMIT


def among_newest(rows: QuerySet[Any], count: int = BoundedPaginator.LIMIT) -> QuerySet[Any]:
    """Those of the rows that are among the newest of their table.

    For lists and filters that no index serves: their cost stays the same as the table grows.
    """
    ids = rows.model._default_manager.order_by("-pk").values_list("pk", flat=True)
    oldest = ids[count - 1 : count].first()
    return rows.filter(pk__gte=oldest) if oldest else rows
