"""An issue, the grouping keys that lead to it, and what people did with it."""

from typing import Self

from django.conf import settings
from django.db import models

from accounts.models import User
from errors.models.order import HourOf, magnitude_of, sort_indexes
from errors.models.release import Release
from projects.models import Project


class Level(models.IntegerChoices):
    """How bad, as numbers that compare."""

    DEBUG = 10, "debug"
    INFO = 20, "info"
    WARNING = 30, "warning"
    ERROR = 40, "error"
    FATAL = 50, "fatal"


class IssueQuerySet(models.QuerySet["Issue"]):
    """Who may see and change which issues."""

    def present(self) -> Self:
        """Issues that nobody has deleted, of projects that nobody has deleted."""
        return self._shown().filter(project__deleted_at=None)

    def visible_to(self, user: User) -> Self:
        """The issues that this person may read."""
        return self._shown().filter(project__in=Project.objects.visible_to(user))

    def writable_by(self, user: User) -> Self:
        """The issues that this person may change."""
        return self._shown().filter(project__in=Project.objects.writable_by(user))

    def _shown(self) -> Self:
        # The digest makes an issue shortly before it records the first event, which can fail.
        return self.filter(deleted_at=None, event_count__gt=0)


class Issue(models.Model):
    """A group of events with one cause. Totals equal the sum over its grouping keys."""

    class Status(models.TextChoices):
        UNRESOLVED = "unresolved", "Unresolved"
        RESOLVED = "resolved", "Resolved"
        ARCHIVED = "archived", "Archived"

    class Substatus(models.TextChoices):
        NEW = "new", "New"
        ONGOING = "ongoing", "Ongoing"
        REGRESSED = "regressed", "Regressed"

    # No index of its own, here and below: a constraint or an index begins with the column.
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, db_index=False, related_name="issues"
    )
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    type = models.CharField(max_length=255, blank=True)
    value = models.CharField(max_length=1024, blank=True)
    culprit = models.CharField(max_length=200, blank=True)
    route = models.CharField(max_length=200, blank=True)
    platform = models.CharField(max_length=64, default="other")
    level = models.SmallIntegerField(choices=Level.choices, default=Level.ERROR)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UNRESOLVED)
    # Meaningful while unresolved.
    substatus = models.CharField(max_length=10, choices=Substatus.choices, default=Substatus.NEW)
    # By the server's clock: only events received later can reopen a resolved issue.
    status_changed_at = models.DateTimeField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    event_count = models.PositiveBigIntegerField(default=0)
    user_count = models.PositiveBigIntegerField(default=0)
    # What lists are sorted by, coarsely: an index on the figures themselves would be written for
    # every batch of events, on these it is not (docs/decisions/0011).
    last_seen_hour = models.GeneratedField(
        expression=HourOf("last_seen_at"), output_field=models.IntegerField(), db_persist=True
    )
    event_magnitude = models.GeneratedField(
        expression=magnitude_of("event_count"),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    user_magnitude = models.GeneratedField(
        expression=magnitude_of("user_count"),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    # errors.search: what the text search looks at, at most an hour behind the words above.
    search_text = models.TextField(default="", blank=True, editable=False)
    # No index: nobody looks issues up by these, and the digest writes them.
    first_release = models.ForeignKey(
        Release,
        null=True,
        on_delete=models.SET_NULL,
        db_index=False,
        related_name="+",
        editable=False,
    )
    last_release = models.ForeignKey(
        Release,
        null=True,
        on_delete=models.SET_NULL,
        db_index=False,
        related_name="+",
        editable=False,
    )
    last_environment = models.CharField(max_length=64, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ("-last_seen_hour", "-last_seen_at")
        constraints = [
            # errors.views.issue_page: the issue of an address.
            models.UniqueConstraint(fields=["project", "number"], name="issue_number_once"),
        ]
        indexes = [
            # errors.queries.issues, one pair a sort: a project's issues of one status, or those of
            # all projects. The trigrams of search_text have one too, on PostgreSQL alone.
            *sort_indexes("-last_seen_hour", "issue_recent"),
            *sort_indexes("-first_seen_at", "issue_young"),
            *sort_indexes("-event_magnitude", "issue_loud"),
            *sort_indexes("-user_magnitude", "issue_wide"),
            # errors.admin.issues: the newest of any status.
            models.Index(fields=["-last_seen_hour"], name="issue_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.short_id} {self.title}"

    @property
    def short_id(self) -> str:
        """What people say, such as SHOP-41."""
        return f"{self.project.short_prefix}-{self.number}"


class GroupingKey(models.Model):
    """One hash that leads events to an issue; merging repoints it, unmerging gives it back."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, db_index=False, related_name="+")
    # Indexed: errors.queries.counts reads the keys of an issue, or of a page of them.
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="keys")
    # Null: the issue was deleted, and the hash is free for a new one.
    hash = models.CharField(max_length=32, null=True)  # noqa: DJ001 (unique: many nulls, no "")
    version = models.PositiveSmallIntegerField()
    event_count = models.PositiveBigIntegerField(default=0)
    first_seen_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # errors.services.record: the hashes of a batch.
            models.UniqueConstraint(fields=["project", "hash"], name="grouping_key_once"),
        ]

    def __str__(self) -> str:
        return self.hash or "freed"


class Activity(models.Model):
    """One change of an issue: who, when, what."""

    class Kind(models.TextChoices):
        RESOLVED = "resolved", "resolved"
        REOPENED = "reopened", "reopened"
        ARCHIVED = "archived", "archived"
        REGRESSED = "regressed", "came back"

    issue = models.ForeignKey(
        Issue, on_delete=models.CASCADE, db_index=False, related_name="activities"
    )
    # Empty when the digest did it. Indexed for the day when the person's account is deleted.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "activities"
        ordering = ("-created_at", "-id")
        indexes = [
            # errors.views.issue_tabs: an issue's activity, newest first.
            models.Index(fields=["issue", "-created_at"], name="activity_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.kind}"
