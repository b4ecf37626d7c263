"""Files that are sent after their event, by its id."""

from common.text import last_part
from ingest.endpoints.base import Sent, attachment
from ingest.endpoints.multipart_form import Part, read_form
from ingest.errors import IngestError
from ingest.protocol.envelope import Envelope, Item, write_envelope
from ingest.protocol.event_ids import read_event_id

MAX_ATTACHMENTS = 30


def attachments_envelope(sent: Sent) -> bytes:
    """The form's files as attachments of the event that the path names.

    Raises: IngestError 400 for an id that is none or a form without a file, 413 for too many.
    """
    event_id = read_event_id(sent.name)
    if not event_id:
        raise IngestError(400, "The event id in the address is not a UUID.")
    return write_envelope(Envelope({"event_id": event_id}, files_of(read_form(sent))))


def files_of(parts: list[Part]) -> list[Item]:
    """An attachment for each file among these parts. Raises IngestError 400, 413."""
    files = [as_attachment(part) for part in parts if part.filename is not None]
    if not files:
        raise IngestError(400, "The form holds no file.")
    if len(files) > MAX_ATTACHMENTS:
        raise IngestError(413, f"The form holds more than {MAX_ATTACHMENTS} files.")
    return files


def as_attachment(part: Part, attachment_type: str = "event.attachment") -> Item:
    """One part as an attachment."""
    return attachment(
        part.content,
        filename=last_part(part.filename or part.name),
        content_type=part.content_type or "application/octet-stream",
        attachment_type=attachment_type,
    )
