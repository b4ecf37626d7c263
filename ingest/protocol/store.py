"""The bodies that store/ takes: one event's JSON, plain or as base64, with or without zlib."""

import base64
import binascii
from dataclasses import dataclass

from common.compression import CompressionError, decompress

_ASCII_SPACE = b" \t\r\n"
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True, slots=True)
class StoreBody:
    """The event's JSON, and the bytes and coding to keep for it."""

    json: bytes
    kept: bytes
    coding: str


def open_store_body(body: bytes, coding: str, *, max_bytes: int) -> StoreBody:
    """Find the JSON in a request's body. Base64 is undone in what is kept, zlib is not.

    Raises: CompressionError. What is neither JSON nor base64 comes back as it is.
    Source: Sentry SDK documentation, "Overview", on the legacy store endpoint.
    """
    # Base64 of the largest event is longer than the event.
    opened = decompress(body, coding, max_bytes=max_bytes * 4 // 3 + 4)
    packed = None if looks_like_json(opened) else decode_base64(opened)
    if packed is None:
        return StoreBody(_bounded(opened, max_bytes), body, coding)
    if looks_like_json(packed):
        return StoreBody(_bounded(packed, max_bytes), packed, "")
    return StoreBody(decompress(packed, "deflate", max_bytes=max_bytes), packed, "deflate")


def looks_like_json(text: bytes) -> bool:
    """Whether it begins as an object, a list or a string does, or with a byte-order mark."""
    return text[:64].lstrip(_ASCII_SPACE)[:1] in (b"{", b"[", b'"', b"\xef")


def decode_base64(text: bytes) -> bytes | None:
    """Undo base64 in either alphabet, with or without padding; None when it is no base64."""
    # In a query, "+" arrives as a space.
    packed = text.strip(_ASCII_SPACE).replace(b" ", b"+").translate(_URL_SAFE, b"\r\n").rstrip(b"=")
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True) or None
    except binascii.Error:
        return None


def _bounded(json: bytes, max_bytes: int) -> bytes:
    if len(json) > max_bytes:
        raise CompressionError("too_large")
    return json
