"""From an event's JSON to what is normalised."""

from dataclasses import dataclass

from common import jsonio
from errors.normalize.schema import decode_event


@dataclass(frozen=True, slots=True)
class ParsedEvent:
    """An event as it came; `is_checked` when it has the shape of `errors.normalize.schema`."""

    raw: object
    text: bytes | None = None
    is_checked: bool = False


def parse_event(text: bytes) -> ParsedEvent:
    """Parse an event as `common.jsonio` does, without what normalising drops. Raises JsonError."""
    event = decode_event(text)
    if event is not None:
        return ParsedEvent(event, text, is_checked=True)
    return ParsedEvent(jsonio.loads(text), text)
