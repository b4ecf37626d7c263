"""Payloads: scrubbed JSON documents as zstd, with a dictionary of their project and platform."""

from errors.storage.documents import load_document
from errors.storage.packing import PackedPayload, pack_document

__all__ = ["PackedPayload", "load_document", "pack_document"]
