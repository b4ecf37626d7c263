"""Events, their payloads, and the other items of an envelope.

Rows here are written by the thousand: ids are plain integers without foreign-key
constraints, and an event's id is the row id that the inbox gave its envelope
(`common.row_ids`), so that ids grow with time.
"""

from datetime import datetime

from django.db import models

from common.row_ids import received_at_of
from errors.models.fields import EventIdField, RowIdField
from errors.models.issue import GroupingKey, Level
from projects.models import Project


class Event(models.Model):
    """One occurrence: the narrow row that lists and filters need."""

    id = RowIdField(primary_key=True)
    project = models.ForeignKey(
        Project, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    grouping_key = models.ForeignKey(
        GroupingKey,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="events",
    )
    event_id = EventIdField()
    # The client's clock, corrected.
    occurred_at = models.DateTimeField()
    level = models.SmallIntegerField(choices=Level.choices)
    release_id = models.BigIntegerField(null=True)
    environment_id = models.BigIntegerField(null=True)
    # errors.tags.user_hash: 64 bits, signed.
    user_hash = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = [
            # errors.queries.events: an issue's events in order, first, previous, next, last.
            models.Index(fields=["grouping_key", "id"], name="event_of_key"),
        ]

    def __str__(self) -> str:
        return str(self.event_id.hex)

    @property
    def received_at(self) -> datetime:
        """When accept took it, by the server's clock; the id tells."""
        return received_at_of(self.id)


class PayloadDictionary(models.Model):
    """What zstd compresses payloads against; dies with its project, or with its group.

    Without a grouping key: trained on a project's events of one platform. With one: a document
    of what the group's events have in common (errors.storage.patterns).
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, db_index=False, related_name="+")
    platform = models.CharField(max_length=64)
    grouping_key = models.ForeignKey(
        GroupingKey,
        null=True,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="dictionaries",
    )
    version = models.PositiveSmallIntegerField()
    # How many events there were when it was made: see errors.services.learning.
    sample_count = models.PositiveIntegerField()
    # zstd without a dictionary.
    content = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "payload dictionaries"
        constraints = [
            # errors.storage.dictionaries: the newest of a platform, and below of a group.
            models.UniqueConstraint(
                fields=["project", "platform", "version"],
                condition=models.Q(grouping_key=None),
                name="platform_dictionary_once",
            ),
            models.UniqueConstraint(
                fields=["grouping_key", "version"], name="group_dictionary_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.platform} v{self.version}"


class EventPayload(models.Model):
    """The scrubbed document of an event: JSON, zstd with the project's dictionary."""

    event_id = RowIdField(primary_key=True)
    # Null: compressed without a dictionary.
    dictionary_id = models.BigIntegerField(null=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.event_id)


class SeenEvent(models.Model):
    """That this event id was counted in this project; finds the row by the client's id too."""

    # Grows with time, so that old rows go as a range.
    row_id = RowIdField(primary_key=True)
    project_id = models.BigIntegerField()
    event_id = EventIdField()

    class Meta:
        constraints = [
            # errors.services.record: which events of a batch are new; errors.queries.events: by id.
            models.UniqueConstraint(fields=["project_id", "event_id"], name="seen_event_once"),
        ]

    def __str__(self) -> str:
        return str(self.event_id.hex)


class StoredEnvelope(models.Model):
    """The header of an envelope that brought more than one event, or none."""

    # The inbox's row id, as for events.
    id = RowIdField(primary_key=True)
    project = models.ForeignKey(
        Project, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    event_id = EventIdField(null=True)
    headers = models.JSONField()
    # errors.services.kept. The default is for workers of before an upgrade, which know no column.
    kept_bytes = models.PositiveIntegerField(db_default=0)

    class Meta:
        ordering = ("-id",)
        indexes = [
            # errors.services.retention: a project's old envelopes.
            models.Index(fields=["project", "id"], name="stored_envelope_age"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class StoredItem(models.Model):
    """An envelope's item that is no event, kept so that the envelope can be given back."""

    # The row id of the envelope that brought it.
    envelope_id = models.BigIntegerField()
    position = models.PositiveSmallIntegerField()
    project = models.ForeignKey(
        Project, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    type = models.CharField(max_length=64)
    headers = models.JSONField()
    # Scrubbed; zstd. Size before compression in payload_bytes.
    payload = models.BinaryField()
    payload_bytes = models.PositiveIntegerField()
    # errors.services.kept. The default is for workers of before an upgrade, which know no column.
    kept_bytes = models.PositiveIntegerField(db_default=0)

    class Meta:
        constraints = [
            # errors.envelopes: the items of an envelope.
            models.UniqueConstraint(fields=["envelope_id", "position"], name="stored_item_once"),
        ]
        indexes = [
            # errors.services.retention: a project's old items.
            models.Index(fields=["project", "envelope_id"], name="stored_item_age"),
        ]

    def __str__(self) -> str:
        return f"{self.envelope_id}.{self.position} {self.type}"
