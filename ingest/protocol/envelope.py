"""The framing of envelopes: header lines and payloads, nothing of what is inside."""

from dataclasses import dataclass
from typing import Any

from common.jsonio import JsonError, dumps, loads

MAX_ITEMS = 1000
# A header is ids, a DSN and a trace; reading a long one would cost more than any payload.
MAX_HEADER_BYTES = 64 * 1024
_NEWLINE = 10


class EnvelopeError(ValueError):
    """Bytes that are no envelope; `offset` is that of the line or payload that is wrong."""

    def __init__(self, detail: str, offset: int) -> None:
        super().__init__(f"{detail} (at byte {offset})")
        self.detail = detail
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Item:
    """One part of an envelope; the payload is a view into the envelope's bytes."""

    headers: dict[str, Any]
    payload: memoryview | bytes

    @property
    def type(self) -> str:
        return str(self.headers["type"])


@dataclass(frozen=True, slots=True)
class Envelope:
    """The header as it was sent, {} when empty, and the items in their order."""

    headers: dict[str, Any]
    items: list[Item]


def parse_envelope(body: bytes) -> Envelope:
    """Split an envelope into its header and items, in order.

    Shape:  a header line, then an item-header line and a payload for each item.
    Units:  an item's "length" counts bytes; without it the payload ends at the next newline.
    Raises: EnvelopeError, naming the offset of the first line or payload that cannot be read.
    Source: Sentry SDK documentation, "Envelopes", section Serialization Format.
    """
    headers, offset = _read_header(body, 0, "envelope header")
    view = memoryview(body)
    items: list[Item] = []
    while offset < len(body) and not _only_newlines_from(body, offset):
        if len(items) == MAX_ITEMS:
            raise EnvelopeError(f"more than {MAX_ITEMS} items", offset)
        item_headers, start = _read_item_header(body, offset)
        end = _payload_end(body, start, item_headers)
        items.append(Item(item_headers, view[start:end]))
        offset = end + 1
    return Envelope(headers, items)


def write_envelope(envelope: Envelope) -> bytes:
    """The bytes of an envelope; every item header gets the length of its payload."""
    lines: list[bytes | memoryview] = [dumps(envelope.headers)]
    for item in envelope.items:
        lines += [dumps({**item.headers, "length": len(item.payload)}), item.payload]
    return b"\n".join(lines) + b"\n"


def _only_newlines_from(body: bytes, offset: int) -> bool:
    return body[offset] == _NEWLINE and body.count(b"\n", offset) == len(body) - offset


def _read_header(body: bytes, offset: int, name: str) -> tuple[dict[str, Any], int]:
    """The object on the line at that offset, and the offset of the next line."""
    end = body.find(b"\n", offset, offset + MAX_HEADER_BYTES)
    if end < 0:
        end = len(body)
        if end - offset >= MAX_HEADER_BYTES:
            raise EnvelopeError(f"{name}: longer than {MAX_HEADER_BYTES} bytes", offset)
    try:
        headers = loads(body[offset:end])
    except JsonError as error:
        raise EnvelopeError(f"{name}: not JSON, {error}", offset) from error
    if not isinstance(headers, dict):
        raise EnvelopeError(f"{name}: not an object", offset)
    return headers, end + 1


def _read_item_header(body: bytes, offset: int) -> tuple[dict[str, Any], int]:
    headers, start = _read_header(body, offset, "item header")
    item_type = headers.get("type")
    if not isinstance(item_type, str) or not item_type:
        raise EnvelopeError("item header: no type", offset)
    length = headers.get("length")
    if length is not None and (type(length) is not int or length < 0):
        raise EnvelopeError("item header: length is not a whole number", offset)
    return headers, min(start, len(body))


def _payload_end(body: bytes, start: int, headers: dict[str, Any]) -> int:
    length = headers.get("length")
    if length is None:
        end = body.find(b"\n", start)
        return end if end >= 0 else len(body)
    end = start + int(length)
    if end > len(body):
        raise EnvelopeError(f"payload: {length} bytes announced, {len(body) - start} sent", start)
    if end < len(body) and body[end] != _NEWLINE:
        raise EnvelopeError("payload: no newline after the announced length", end)
    return end
