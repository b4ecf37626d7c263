"""Envelopes as this site writes them: each item with its length."""

from collections.abc import Iterable, Mapping
from typing import Any

from common.jsonio import dumps
from ingest.protocol.envelope import Item


def write_envelope(items: Iterable[Item], headers: Mapping[str, Any]) -> bytes:
    """The bytes that parse_envelope reads as this."""
    lines = [dumps(dict(headers))]
    for item in items:
        lines += [dumps({**item.headers, "length": len(item.payload)}), bytes(item.payload)]
    return b"\n".join(lines)
