"""Files that came with events, or for them."""

from datetime import datetime
from typing import Self

from django.db import models

from accounts.models import User
from common.row_ids import received_at_of
from errors.models.fields import EventIdField, RowIdField
from projects.models import Project


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Who may see which files."""

    def visible_to(self, user: User) -> Self:
        """The files of the projects that this person may read."""
        return self.filter(project__in=Project.objects.visible_to(user))


class Attachment(models.Model):
    """A file of an event, found by the event's id: either may come first, or alone."""

    project = models.ForeignKey(
        Project, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    # Null: its envelope named no event.
    event_id = EventIdField(null=True)
    # The row id of the envelope that brought it, and its place among the items.
    envelope_id = models.BigIntegerField()
    position = models.PositiveSmallIntegerField()
    # errors.files.clean_name.
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=200, blank=True)
    # "event.attachment", "event.minidump", "event.view_hierarchy", …
    type = models.CharField(max_length=64, blank=True)
    # Scrubbed, as for StoredItem.
    headers = models.JSONField()
    # As it came; what it takes here is in kept_bytes.
    size_bytes = models.PositiveBigIntegerField()
    # errors.files.image_type: what the bytes are, if a page may show them.
    image_type = models.CharField(max_length=16, blank=True)
    # Where the content lies; neither: it was too large to keep.
    has_content = models.BooleanField()
    object_name = models.CharField(max_length=64, blank=True)
    # errors.services.kept.
    kept_bytes = models.PositiveBigIntegerField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            # errors.envelopes: the items of an envelope.
            models.UniqueConstraint(fields=["envelope_id", "position"], name="attachment_once"),
        ]
        indexes = [
            # errors.queries.attachments: an event's files.
            models.Index(fields=["project", "event_id"], name="attachment_of_event"),
            # errors.services.retention: a project's old files.
            models.Index(fields=["project", "envelope_id"], name="attachment_age"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def received_at(self) -> datetime:
        """When accept took it, by the server's clock."""
        return received_at_of(self.envelope_id)


class AttachmentContent(models.Model):
    """A file's bytes, zstd; text is scrubbed. Apart, so that lists never read them."""

    attachment_id = RowIdField(primary_key=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.attachment_id)


class AttachmentObject(models.Model):
    """A content that lies in PAYLOAD_STORAGE, in place of its AttachmentContent.

    The row comes before the object and goes after it, so that no object is ever forgotten.
    """

    # Without a constraint: the file goes first, its object when the next sweep comes by.
    attachment_id = models.BigIntegerField()
    # Never used twice, not even after the database came back from a backup.
    name = models.CharField(max_length=64, unique=True)
    size_bytes = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()
    swept_at = models.DateTimeField()

    class Meta:
        indexes = [
            # errors.storage.attachments: those that were looked at longest ago.
            models.Index(fields=["swept_at"], name="attachment_object_swept"),
        ]

    def __str__(self) -> str:
        return self.name
