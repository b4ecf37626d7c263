"""What came to one of the other endpoints, and the envelope that it becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from common.jsonio import JsonError, loads
from ingest.errors import IngestError
from ingest.protocol.envelope import Item

MAX_HEADER_TEXT = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, opened.

    name:      what the path names beside the project: an event's id, a monitor's slug, a signal.
    query:     the first value of each name.
    body:      decompressed, at most max_bytes.
    made_id:   32 hex digits for what the client gave no id.
    max_event_bytes: the largest event, or report.
    """

    method: str
    name: str
    query: Mapping[str, str]
    content_type: str
    user_agent: str
    body: bytes
    made_id: str
    max_bytes: int
    max_event_bytes: int

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.content_type.partition(";")[0].strip().lower()


# Gives an envelope's bytes. Raises IngestError.
Translate = Callable[[Sent], bytes]


def attachment(content: bytes, **headers: str) -> Item:
    """An attachment; its texts are cut to what a name may be."""
    cut = {name: text[:MAX_HEADER_TEXT] for name, text in headers.items()}
    return Item({"type": "attachment", **cut}, content)


def read_json(body: bytes) -> Any:
    """A body's JSON. Raises IngestError 400."""
    try:
        return loads(body)
    except JsonError as error:
        raise IngestError(400, "The body is not JSON.", (str(error),)) from error
