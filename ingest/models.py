"""What the digest remembers of messages: receipts, and those it had to set aside."""

from datetime import datetime

from django.db import models

from common.row_ids import received_at_of
from errors.models.fields import RowIdField
from projects.models import Project


class Receipt(models.Model):
    """A message without an event that was written; a second copy of it counts for nothing.

    Messages with an event are known by the event's id (errors.models.SeenEvent).
    """

    # Grows with time, so that old rows go as a range.
    row_id = RowIdField(primary_key=True)
    receipt = models.BinaryField(max_length=16, unique=True)

    def __str__(self) -> str:
        return bytes(self.receipt).hex()


class QuarantinedMessage(models.Model):
    """A message that cannot be digested, as received. Its body is never shown."""

    id = RowIdField(primary_key=True)
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    # ingest.inbox.base.Message without its body, and the body as received.
    meta = models.BinaryField()
    body = models.BinaryField()
    body_bytes = models.PositiveIntegerField()
    error_type = models.CharField(max_length=200)
    error = models.TextField()
    deliveries = models.PositiveSmallIntegerField()
    quarantined_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.id}: {self.error_type}"

    @property
    def received_at(self) -> datetime:
        return received_at_of(self.id)
