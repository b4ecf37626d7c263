"""Files, other items and feedback within their budgets of bytes: the oldest go first."""

from dataclasses import dataclass

from django.db.models import Sum

from errors.models import Attachment, Feedback, KeptBytes, StoredEnvelope, StoredItem
from errors.services.budgets import budget_of
from errors.services.kept import KIND_OF, KeptModel, remove_kept, step_of
from errors.services.pace import Pace

READ_ROWS = 200
# The column that grows with time, and which an index orders by.
_AGE: dict[KeptModel, str] = {
    Attachment: "envelope_id",
    Feedback: "envelope_id",
    StoredEnvelope: "id",
    StoredItem: "envelope_id",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that may go; `row_id` is its envelope's."""

    row_id: int
    model: KeptModel
    pk: int
    size_bytes: int


def trim_kept(*, pace: Pace) -> int:
    """Remove the oldest of what is beyond a project's budget or the site's; return how many rows.

    Raises: Stopped; run it again.
    """
    removed = 0
    for kind in KeptBytes.Kind.values:
        sizes = dict(KeptBytes.objects.filter(kind=kind).values_list("project_id", "size_bytes"))
        budget = budget_of(kind, is_whole_site=False)
        for project_id, size_bytes in sorted(sizes.items()):
            removed += _remove_oldest(kind, project_id, size_bytes - budget, pace)
        kept = KeptBytes.objects.filter(kind=kind).aggregate(total=Sum("size_bytes"))["total"] or 0
        surplus = kept - budget_of(kind, is_whole_site=True)
        removed += _remove_oldest(kind, None, surplus, pace)
    return removed


def _remove_oldest(kind: str, project_id: int | None, surplus: int, pace: Pace) -> int:
    removed = 0
    while surplus > 0 and (rows := _oldest(kind, project_id)):
        going: dict[KeptModel, list[int]] = {}
        for row in rows:
            if surplus <= 0:
                break
            going.setdefault(row.model, []).append(row.pk)
            surplus -= row.size_bytes
        removed += sum(remove_kept(model, ids) for model, ids in going.items())
        pace.rest()
    return removed


def _oldest(kind: str, project_id: int | None) -> list[_Row]:
    """The oldest rows of a kind, of all its tables together."""
    rows = [row for model in _AGE if KIND_OF[model] == kind for row in _read(model, project_id)]
    return sorted(rows, key=lambda row: row.row_id)[:READ_ROWS]


def _read(model: KeptModel, project_id: int | None) -> list[_Row]:
    age = _AGE[model]
    found = model._default_manager.order_by(age)
    if project_id is not None:
        found = found.filter(project_id=project_id)
    values = found.values_list(age, "pk", "kept_bytes")[: step_of(model, READ_ROWS)]
    return [_Row(row_id, model, pk, size_bytes) for row_id, pk, size_bytes in values]
