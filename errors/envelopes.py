"""Give an accepted envelope back: its header and items in order, scrubbed."""

from dataclasses import dataclass
from typing import Any, cast

from common import jsonio
from errors.models import Attachment, Event, StoredEnvelope, StoredItem
from errors.storage import load_document
from errors.storage.attachments import read_attachment
from errors.storage.codec import decompress


@dataclass(frozen=True, slots=True)
class KeptItem:
    """One item; an event's payload is the canonical event, others are as they came.

    row_id: of the row that keeps it, an event's its envelope's, and an attachment's in a table of
            their own; position: its place, from 0.
    """

    headers: dict[str, Any]
    payload: bytes
    row_id: int
    position: int


@dataclass(frozen=True, slots=True)
class KeptEnvelope:
    """What is kept of an envelope; an item's place among them is as it came."""

    headers: dict[str, Any]
    items: list[KeptItem]


def read_envelope(project_id: int, row_id: int) -> KeptEnvelope | None:
    """Return the envelope that the inbox numbered `row_id`, or None when nothing of it is kept.

    An event that its issue's budget or a retention has removed is missing among the items, and so
    are its files. Raises PayloadsAwayError.
    """
    rows = StoredItem.objects.filter(project_id=project_id, envelope_id=row_id)
    items = {row.position: open_item(row) for row in rows}
    files = Attachment.objects.filter(project_id=project_id, envelope_id=row_id)
    items |= {file.position: _open_file(file) for file in files}
    headers = _own_headers(project_id, row_id)
    document = _document_of(project_id, row_id)
    if document:
        headers = document["envelope"]
        item = document["item"]
        item_headers = {**item["headers"], "type": "event"}
        event = jsonio.dumps(document["event"])
        items[item["index"]] = KeptItem(item_headers, event, row_id, item["index"])
    if headers is None and not items:
        return None
    return KeptEnvelope(headers or {}, [items[position] for position in sorted(items)])


def write_envelope(envelope: KeptEnvelope) -> bytes:
    """Frame a kept envelope anew, as an SDK could send it.

    Shape: a header line, then an item-header line and a payload for each item. Lengths are those
           of what is kept: scrubbing changed them.
    """
    lines = [jsonio.dumps(envelope.headers)]
    for item in envelope.items:
        lines.append(jsonio.dumps({**item.headers, "length": len(item.payload)}))
        lines.append(item.payload)
    return b"\n".join([*lines, b""])


def _document_of(project_id: int, row_id: int) -> dict[str, Any] | None:
    is_ours = Event.objects.filter(pk=row_id, project_id=project_id).exists()
    return load_document(row_id) if is_ours else None


def _own_headers(project_id: int, row_id: int) -> dict[str, Any] | None:
    envelopes = StoredEnvelope.objects.filter(pk=row_id, project_id=project_id)
    return cast("dict[str, Any] | None", envelopes.values_list("headers", flat=True).first())


def open_item(row: StoredItem) -> KeptItem:
    """An item with its payload opened; the caller has read it for the right project."""
    payload = decompress(bytes(row.payload), None)
    return KeptItem(row.headers, payload, row.pk, row.position)


def _open_file(row: Attachment) -> KeptItem:
    return KeptItem(row.headers, read_attachment(row) or b"", row.pk, row.position)
