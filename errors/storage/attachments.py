"""The contents of files, wherever they lie: in rows or in object storage."""

from errors.models import Attachment, AttachmentContent
from errors.storage.codec import decompress
from errors.storage.packs import read_object


def read_attachment(attachment: Attachment) -> bytes | None:
    """A file's bytes as kept; None where they are not. Raises PayloadsAwayError."""
    if not attachment.has_content:
        return None
    rows = AttachmentContent.objects.filter(pk=attachment.pk)
    content = rows.values_list("content", flat=True).first()
    if content is not None:
        return decompress(bytes(content), None)
    # After the row: what moves in between is seen here.
    names = Attachment.objects.filter(pk=attachment.pk).values_list("object_name", flat=True)
    name = names.first()
    return decompress(read_object(name), None) if name else None
