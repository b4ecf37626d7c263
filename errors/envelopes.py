"""Give an accepted envelope back: its header and items in order, scrubbed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from common import jsonio
from errors.models import Attachment, Event, StoredEnvelope, StoredItem
from errors.storage import load_documents
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

    As read_envelopes.
    """
    return read_envelopes([project_id], [row_id]).get(row_id)


def read_envelopes(project_ids: Sequence[int], row_ids: Sequence[int]) -> dict[int, KeptEnvelope]:
    """What is kept of these envelopes, by row id, as far as they are of these projects.

    An event that its issue's budget or a retention has removed is missing among the items, and so
    are its files. All are held at once. Raises PayloadsAwayError.
    """
    ours = {"project_id__in": project_ids}
    headers: dict[int, dict[str, Any]] = dict(
        StoredEnvelope.objects.filter(pk__in=row_ids, **ours).values_list("pk", "headers")
    )
    items: dict[int, dict[int, KeptItem]] = defaultdict(dict)
    for row in StoredItem.objects.filter(envelope_id__in=row_ids, **ours):
        items[row.envelope_id][row.position] = open_item(row)
    for file in Attachment.objects.filter(envelope_id__in=row_ids, **ours):
        items[file.envelope_id][file.position] = _open_file(file)
    events = Event.objects.filter(pk__in=row_ids, **ours).values_list("pk", flat=True)
    for row_id, document in load_documents(list(events)):
        item = _open_event(row_id, document)
        headers[row_id], items[row_id][item.position] = document["envelope"], item
    return {
        row_id: KeptEnvelope(
            headers.get(row_id, {}), [item for _, item in sorted(items[row_id].items())]
        )
        for row_id in {*headers, *items}
    }


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


def _open_event(row_id: int, document: dict[str, Any]) -> KeptItem:
    item = document["item"]
    headers = {**item["headers"], "type": "event"}
    return KeptItem(headers, jsonio.dumps(document["event"]), row_id, item["index"])


def open_item(row: StoredItem) -> KeptItem:
    """An item with its payload opened; the caller has read it for the right project."""
    payload = decompress(bytes(row.payload), None)
    return KeptItem(row.headers, payload, row.pk, row.position)


def _open_file(row: Attachment) -> KeptItem:
    return KeptItem(row.headers, read_attachment(row) or b"", row.pk, row.position)
