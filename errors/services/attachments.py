"""Files that come with events: what is kept of them, and how it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.conf import settings

from common import jsonio
from common.text import clean_text, one_line
from errors.files import clean_name, image_type
from errors.models import Attachment, AttachmentContent, KeptBytes
from errors.rows import insert_new, insert_rows
from errors.services.kept import count_kept
from errors.services.policies import ProjectPolicy
from errors.services.prepare_items import (
    DROPPED,
    ROW_BYTES,
    ItemSource,
    describe_drop,
    prepare_headers,
    scrub_payload,
)
from errors.services.record_items import optional_event_id
from errors.storage.codec import compress

_COLUMNS = (
    "envelope_id",
    "position",
    "project_id",
    "event_id",
    "name",
    "content_type",
    "type",
    "headers",
    "size_bytes",
    "image_type",
    "has_content",
    "object_name",
    "kept_bytes",
)


@dataclass(frozen=True, slots=True)
class PreparedAttachment:
    """One file to keep. content: scrubbed where it is text, zstd; None where it was too large."""

    project_id: int
    envelope_row_id: int
    position: int
    event_id: str
    headers: dict[str, Any]
    size_bytes: int
    image_type: str
    content: bytes | None

    @property
    def kept_bytes(self) -> int:
        """What its rows take, about."""
        return ROW_BYTES + len(self.content or b"") + len(jsonio.dumps(self.headers))


def prepare_attachment(source: ItemSource, policy: ProjectPolicy) -> PreparedAttachment:
    """Scrub what is text, and compress; of a file that is too large the header tells."""
    headers = prepare_headers(source.headers, policy.scrub)
    content = None
    if len(source.payload) > settings.MAX_ATTACHMENT_BYTES:
        headers[DROPPED] = describe_drop(len(source.payload), settings.MAX_ATTACHMENT_BYTES)
    else:
        content = compress(scrub_payload(source.payload, policy.scrub), None)
    return PreparedAttachment(
        project_id=policy.project_id,
        envelope_row_id=source.row_id,
        position=source.position,
        event_id=source.event_id,
        headers=headers,
        size_bytes=len(source.payload),
        image_type=image_type(source.payload) if content is not None else "",
        content=content,
    )


def record_attachments(attachments: Sequence[PreparedAttachment]) -> None:
    """Write files and their contents, inside the caller's transaction."""
    # By envelope and position: two batches never wait for each other in a circle.
    rows = sorted((_row(one) for one in attachments), key=itemgetter(0, 1))
    returning = ("id", "envelope_id", "position")
    inserted = insert_new(Attachment, _COLUMNS, rows, returning=returning)
    ids = {(envelope_id, position): pk for pk, envelope_id, position in inserted}
    contents = [
        (ids[(one.envelope_row_id, one.position)], one.content)
        for one in attachments
        if one.content is not None
    ]
    insert_rows(AttachmentContent, ("attachment_id", "content"), contents)
    kind = KeptBytes.Kind.ATTACHMENT.value
    count_kept((one.project_id, kind, one.kept_bytes) for one in attachments)


def _row(one: PreparedAttachment) -> tuple[Any, ...]:
    return (
        one.envelope_row_id,
        one.position,
        one.project_id,
        optional_event_id(one.event_id),
        clean_name(one.headers.get("filename")),
        _word(one.headers.get("content_type"), 200),
        _word(one.headers.get("attachment_type"), 64),
        jsonio.dumps(one.headers).decode(),
        one.size_bytes,
        one.image_type,
        one.content is not None,
        "",
        one.kept_bytes,
    )


def _word(value: object, limit: int) -> str:
    return one_line(clean_text(value))[:limit] if isinstance(value, str) else ""
