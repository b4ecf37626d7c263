"""Payloads that no longer lie in the database but in packs: objects of PAYLOAD_STORAGE."""

from django.db import models

from errors.models.fields import RowIdField


class PayloadPack(models.Model):
    """An object that holds payloads of one project, one after the other.

    The row comes before the object and goes after it, so that no object is ever forgotten.
    """

    # Without a constraint: a project goes first, its objects when the next sweep comes by.
    project_id = models.BigIntegerField()
    # Never used twice, not even after the database came back from a backup.
    name = models.CharField(max_length=64, unique=True)
    first_event_id = models.BigIntegerField()
    last_event_id = models.BigIntegerField()
    payload_count = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    swept_at = models.DateTimeField()

    class Meta:
        indexes = [
            # errors.storage.sweep: those that were looked at longest ago.
            models.Index(fields=["swept_at"], name="payload_pack_swept"),
        ]

    def __str__(self) -> str:
        return self.name


class MovedPayload(models.Model):
    """Where an event's payload lies in its pack, in place of its EventPayload."""

    event_id = RowIdField(primary_key=True)
    # As in EventPayload.
    dictionary_id = models.BigIntegerField(null=True)
    pack_id = models.BigIntegerField()
    first_byte = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.event_id} in {self.pack_id}"
