"""Payloads: scrubbed JSON documents as zstd, with a dictionary of their project and platform."""

from errors.storage.documents import load_document, load_documents
from errors.storage.packing import PackedPayload, pack_document
from errors.storage.packs import PayloadsAwayError

__all__ = ["PackedPayload", "PayloadsAwayError", "load_document", "load_documents", "pack_document"]
