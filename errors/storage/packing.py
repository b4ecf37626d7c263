"""From a document to the bytes of its payload row."""

from dataclasses import dataclass

from errors.storage.codec import compress
from errors.storage.dictionaries import current_dictionary


@dataclass(frozen=True, slots=True)
class PackedPayload:
    """What EventPayload keeps: zstd bytes, and the dictionary that opens them."""

    content: bytes
    dictionary_id: int | None


def pack_document(document: bytes, *, project_id: int, platform: str) -> PackedPayload:
    """Compress a document's JSON with what its project and platform have learnt so far."""
    dictionary = current_dictionary(project_id, platform)
    return PackedPayload(compress(document, dictionary), dictionary.id if dictionary else None)
