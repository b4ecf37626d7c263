"""Write the items of a batch that are no event, and count all by type."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from common import jsonio
from errors.item_types import counted_type_of
from errors.models import ItemCount, KeptBytes, StoredEnvelope, StoredItem
from errors.models.fields import database_event_id
from errors.rows import add_counts, insert_rows
from errors.services.kept import count_kept
from errors.services.prepare_items import PreparedEnvelope, PreparedItem


def record_items(envelopes: Sequence[PreparedEnvelope], items: Sequence[PreparedItem]) -> None:
    """Write envelopes without an event and all items, inside the caller's transaction."""
    insert_rows(
        StoredEnvelope,
        ("id", "project_id", "event_id", "headers", "kept_bytes"),
        [
            (
                one.row_id,
                one.project_id,
                optional_event_id(one.event_id),
                jsonio.dumps(one.headers).decode(),
                one.kept_bytes,
            )
            for one in envelopes
        ],
    )
    insert_rows(
        StoredItem,
        (
            "envelope_id",
            "position",
            "project_id",
            "type",
            "headers",
            "payload",
            "payload_bytes",
            "kept_bytes",
        ),
        [
            (
                one.envelope_row_id,
                one.position,
                one.project_id,
                one.type,
                jsonio.dumps(one.headers).decode(),
                one.payload,
                one.payload_bytes,
                one.kept_bytes,
            )
            for one in items
        ],
    )
    kind = KeptBytes.Kind.ITEM.value
    written: list[PreparedEnvelope | PreparedItem] = [*envelopes, *items]
    count_kept((one.project_id, kind, one.kept_bytes) for one in written)


def count_items(arrivals: Iterable[tuple[int, str, int]]) -> None:
    """Count items that arrived: (project id, type, hour since 1970) of each."""
    counts = Counter(
        (project_id, counted_type_of(type_), hour) for project_id, type_, hour in arrivals
    )
    rows: Sequence[Sequence[Any]] = [(*name, count) for name, count in sorted(counts.items())]
    add_counts(ItemCount, ("project_id", "type", "hour"), rows)


def optional_event_id(event_id: str) -> Any:
    """32 hex digits or "" as a raw statement's parameter."""
    return database_event_id(event_id) if event_id else None
