"""The contents of files, wherever they lie: in rows, or as objects of PAYLOAD_STORAGE.

As with packs, the order of steps makes a crash harmless: the object's row, the object, reading it
back, and only then, in one transaction, the file's rows. What is left behind is an object that
no file names.
"""

import secrets
import time
from datetime import datetime, timedelta

from django.db import transaction

from errors.models import Attachment, AttachmentContent, AttachmentObject
from errors.storage.codec import decompress
from errors.storage.packs import read_object, remove_pack, write_pack

# Longer than an object is under way between its row and its file's.
UNDER_WAY = timedelta(hours=1)
AGAIN_AFTER = timedelta(hours=6)
# Looked at in one query.
STEP = 200


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


def move_attachments(before_id: int, *, now: datetime, budget_s: float) -> int:
    """Move the contents of files whose envelopes have lesser row ids; return how many.

    Raises: PayloadsAwayError; what was moved until then stays moved.
    """
    deadline = time.monotonic() + budget_s
    moved = last = 0
    while time.monotonic() < deadline and (pk := _next_file(last, before_id)):
        last = pk
        moved += _move(pk, now)
    return moved


def sweep_objects(*, now: datetime, budget_s: float) -> int:
    """Remove objects whose files have gone, those looked at longest ago first; return how many.

    Raises: PayloadsAwayError.
    """
    deadline = time.monotonic() + budget_s
    removed = 0
    while time.monotonic() < deadline and (objects := _next_objects(now)):
        files = Attachment.objects.filter(pk__in=[each.attachment_id for each in objects])
        names = set(files.values_list("object_name", flat=True))
        for each in objects:
            if each.name not in names:
                # The object first: its row is what remembers it.
                remove_pack(each.name)
                each.delete()
                removed += 1
        AttachmentObject.objects.filter(name__in=names).update(swept_at=now)
    return removed


def return_attachment(stored: AttachmentObject) -> int:
    """Give a file's content back to the database; return how many. Raises PayloadsAwayError."""
    if not Attachment.objects.filter(pk=stored.attachment_id, object_name=stored.name).exists():
        return 0
    content = read_object(stored.name)
    with transaction.atomic():
        named = Attachment.objects.filter(pk=stored.attachment_id, object_name=stored.name)
        if not named.update(object_name=""):
            return 0
        AttachmentContent.objects.create(pk=stored.attachment_id, content=content)
    return 1


def _next_file(last: int, before_id: int) -> int:
    """The next file whose content lies in a row; 0 for none."""
    rows = AttachmentContent.objects.filter(pk__gt=last).order_by("pk")
    pk = rows.values_list("pk", flat=True).first() or 0
    is_old = Attachment.objects.filter(pk=pk, envelope_id__lt=before_id).exists()
    return pk if is_old else 0


def _move(pk: int, now: datetime) -> int:
    content = AttachmentContent.objects.filter(pk=pk).values_list("content", flat=True).first()
    if content is None:
        return 0
    made = AttachmentObject.objects.create(
        attachment_id=pk,
        name=f"{now:%Y/%m/%d}/file-{secrets.token_hex(12)}",
        size_bytes=len(content),
        created_at=now,
        swept_at=now,
    )
    write_pack(made.name, bytes(content))
    with transaction.atomic():
        # Locked: the file may go meanwhile, and the sweep may have taken the object for a lost one.
        is_there = Attachment.objects.select_for_update().filter(pk=pk, object_name="").exists()
        if not is_there or not AttachmentObject.objects.filter(pk=made.pk).exists():
            return 0
        Attachment.objects.filter(pk=pk).update(object_name=made.name)
        return AttachmentContent.objects.filter(pk=pk).delete()[0]


def _next_objects(now: datetime) -> list[AttachmentObject]:
    settled = AttachmentObject.objects.filter(created_at__lt=now - UNDER_WAY)
    return list(settled.filter(swept_at__lt=now - AGAIN_AFTER).order_by("swept_at")[:STEP])
