"""Rows that are kept within budgets of bytes: counted where they are added, and removed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, models, transaction

from errors.models import (
    Attachment,
    AttachmentContent,
    Feedback,
    KeptBytes,
    StoredEnvelope,
    StoredItem,
)
from errors.rows import add_counts, delete_by_id, delete_returning

KeptModel = type[Attachment] | type[Feedback] | type[StoredEnvelope] | type[StoredItem]
KIND_OF: dict[KeptModel, str] = {
    Attachment: KeptBytes.Kind.ATTACHMENT.value,
    Feedback: KeptBytes.Kind.FEEDBACK.value,
    StoredEnvelope: KeptBytes.Kind.ITEM.value,
    StoredItem: KeptBytes.Kind.ITEM.value,
}


def count_kept(added: Iterable[tuple[int, str, int]]) -> None:
    """Add (project id, kind, bytes) of rows that the caller's transaction has added."""
    sizes: Counter[tuple[int, str]] = Counter()
    for project_id, kind, size_bytes in added:
        sizes[(project_id, kind)] += size_bytes
    # Sorted, so that two batches never wait for each other in a circle.
    rows = [(*name, size_bytes) for name, size_bytes in sorted(sizes.items())]
    add_counts(KeptBytes, ("project_id", "kind"), rows, column="size_bytes")


def remove_kept(model: KeptModel, ids: Sequence[int]) -> int:
    """Remove these few rows with their contents; return how many were there."""
    with transaction.atomic():
        gone = delete_returning(model, ids, ("project_id", "kept_bytes"))
        if model is Attachment:
            delete_by_id(AttachmentContent, ids)
        count_kept((project_id, KIND_OF[model], -size_bytes) for project_id, size_bytes in gone)
    return len(gone)


def remove_kept_in_steps(
    model: KeptModel, condition: str, values: Sequence[int], *, batch: int
) -> Iterator[int]:
    """Remove the rows that meet an SQL condition over an index; yield each step's number.

    Each step commits, outside of a transaction, so that writers never wait long.
    """
    while ids := _pick(model, condition, values, step_of(model, batch)):
        yield remove_kept(model, ids)


def step_of(model: type[models.Model], rows: int) -> int:
    """How many rows to take where `rows` small ones would do: a file's content may be large."""
    return max(1, rows // 20) if model is Attachment else rows


def _pick(model: KeptModel, condition: str, values: Sequence[int], limit: int) -> list[int]:
    table = model._meta.db_table
    statement = f"SELECT id FROM {table} WHERE {condition} LIMIT {limit}"  # noqa: S608 (rows.py)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [pk for (pk,) in cursor.fetchall()]
