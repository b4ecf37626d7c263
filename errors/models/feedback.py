"""What people who met an error, or want something, wrote."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from accounts.models import User
from common.row_ids import received_at_of
from errors.models.fields import EventIdField
from errors.models.issue import GroupingKey
from projects.models import Project


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Who may see and change which feedback."""

    def visible_to(self, user: User) -> Self:
        """The feedback of the projects that this person may read."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def writable_by(self, user: User) -> Self:
        """The feedback that this person may handle."""
        return self.filter(project__in=Project.objects.writable_by(user))

    def waiting(self) -> Self:
        """What names an event that was not found yet."""
        return self.filter(grouping_key=None).exclude(event_id=None)


class Feedback(models.Model):
    """A person's words, about an event or about nothing in particular."""

    class Source(models.TextChoices):
        FEEDBACK = "feedback", "feedback"
        REPORT = "report", "crash report"

    project = models.ForeignKey(
        Project, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    # The row id of the envelope that brought it, and its place among the items.
    envelope_id = models.BigIntegerField()
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=8, choices=Source.choices)
    # Its own, by which its screenshots are found.
    own_id = EventIdField(null=True)
    # The event that it is about, and the group of that event once both are there.
    event_id = EventIdField(null=True)
    grouping_key = models.ForeignKey(
        GroupingKey,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="feedback",
    )
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    message = models.TextField(blank=True)
    url = models.CharField(max_length=2048, blank=True)
    # errors.search: what the text search looks at.
    search_text = models.TextField(editable=False)
    # Null: nobody has dealt with it yet.
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,
        related_name="+",
    )
    # errors.services.kept.
    kept_bytes = models.PositiveIntegerField()

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "feedback"
        constraints = [
            # Each item once; errors.services.retention: the oldest of the site.
            models.UniqueConstraint(fields=["envelope_id", "position"], name="feedback_once"),
        ]
        indexes = [
            # errors.queries.feedback: a project's, newest first.
            models.Index(fields=["project", "-id"], name="feedback_recent"),
            # errors.queries.feedback: what nobody has dealt with.
            models.Index(
                fields=["project", "-id"],
                condition=models.Q(handled_at=None),
                name="feedback_new",
            ),
            # errors.queries.feedback: an issue's.
            models.Index(fields=["grouping_key", "-id"], name="feedback_of_key"),
            # errors.queries.feedback: an event's.
            models.Index(fields=["project", "event_id"], name="feedback_of_event"),
            # errors.services.feedback: what waits for its event, newest first.
            models.Index(
                fields=["-id"],
                condition=models.Q(grouping_key=None, event_id__isnull=False),
                name="feedback_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.message[:80] or "(no words)"

    @property
    def received_at(self) -> datetime:
        """When accept took it, by the server's clock."""
        return received_at_of(self.envelope_id)
