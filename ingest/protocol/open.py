"""From a message as it was received to the envelope inside."""

from typing import Any

from common.compression import decompress
from ingest.inbox.base import Message
from ingest.protocol.envelope import Envelope, Item, parse_envelope


def open_message(message: Message, *, max_bytes: int) -> Envelope:
    """Decompress and parse a message; a stored event becomes an envelope with that one item.

    Raises: CompressionError, EnvelopeError. Neither can happen to what accept took, unless the
            bytes were damaged since.
    """
    body = decompress(message.body, message.coding, max_bytes=max_bytes)
    if message.kind == "envelope":
        return parse_envelope(body)
    headers: dict[str, Any] = {"event_id": message.event_id}
    return Envelope(headers, [Item({"type": "event", "length": len(body)}, body)])
