"""From a document to the bytes of its payload row."""

from dataclasses import dataclass
from typing import Any

from common import jsonio
from errors.storage.codec import compress
from errors.storage.dictionaries import choose_dictionary
from errors.storage.times import fold_times


@dataclass(frozen=True, slots=True)
class PackedPayload:
    """What EventPayload keeps: zstd bytes, and the dictionary that opens them."""

    content: bytes
    dictionary_id: int | None


def pack_document(
    document: dict[str, Any], *, project_id: int, platform: str, hash_: str
) -> PackedPayload:
    """Compress a document with what its group or its platform has learnt; `document` is used up.

    Shape: as errors.storage.load_document gives it back; `hash_` is the event's primary hash.
    """
    fold_times(document["event"])
    dictionary = choose_dictionary(project_id, platform, hash_)
    content = compress(jsonio.dumps(document), dictionary)
    return PackedPayload(content, dictionary.id if dictionary else None)
