"""What else came with an event, as its page lists it."""

from collections.abc import Iterable

from common.text import trim
from common.wording import describe_size
from errors.models import StoredItem
from errors.services.prepare_items import DROPPED

MAX_FILENAME = 200


def present_items(items: Iterable[StoredItem]) -> list[tuple[str, str]]:
    """Each item's type, and its file name and size as it came."""
    return [(item.type, _describe(item)) for item in items]


def _describe(item: StoredItem) -> str:
    filename = trim(str(item.headers.get("filename", "")), MAX_FILENAME)
    dropped = "too large, not kept" if DROPPED in item.headers else ""
    return ", ".join(filter(None, (filename, describe_size(item.payload_bytes), dropped)))
