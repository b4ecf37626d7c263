"""From a payload row back to the document."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from common import jsonio
from errors.storage.codec import decompress
from errors.storage.contents import read_contents
from errors.storage.dictionaries import dictionary_of
from errors.storage.times import unfold_times


class DictionaryMissingError(Exception):
    """The dictionary that a payload was compressed with is not there."""


def load_document(event_row_id: int) -> dict[str, Any] | None:
    """Return the stored document of an event, or None when its payload is no longer kept.

    Shape:  {"event", "envelope", "item": {"index", "headers"}, "problems", "grouping"}.
    Raises: DictionaryMissingError, PayloadsAwayError.
    """
    return next((document for _, document in load_documents([event_row_id])), None)


def load_documents(event_row_ids: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """As load_document, of several: (row id, document) of those that are kept, in no order."""
    for content in read_contents(event_row_ids):
        document = read_document(open_payload(content.packed, content.dictionary_id))
        unfold_times(document["event"])
        yield content.event_id, document


def read_document(text: bytes) -> dict[str, Any]:
    """Parse what `open_payload` gave: a document whose times are still folded."""
    return cast("dict[str, Any]", jsonio.loads(text))


def open_payload(content: bytes, dictionary_id: int | None) -> bytes:
    """Return the stored text, to read or to pack again. Raises DictionaryMissingError."""
    if dictionary_id is None:
        return decompress(content, None)
    dictionary = dictionary_of(dictionary_id)
    if dictionary is None:
        raise DictionaryMissingError(dictionary_id)
    return decompress(content, dictionary)
