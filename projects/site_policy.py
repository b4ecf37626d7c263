"""What the site keeps where a project says nothing: one row, changed in the admin."""

from typing import Self

from django.db import models


class SitePolicy(models.Model):
    """The site's own numbers; an empty one is as the settings say (`projects.retention`)."""

    # There is one row, and this is its key.
    ONLY = 1

    retention_days = models.PositiveIntegerField("days that events are kept", null=True, blank=True)
    max_events = models.PositiveIntegerField("events kept for a project", null=True, blank=True)
    max_events_per_issue = models.PositiveIntegerField(
        "events kept for an issue", null=True, blank=True
    )
    resolved_days = models.PositiveIntegerField(
        "days that resolved issues are kept", null=True, blank=True
    )

    class Meta:
        verbose_name = "retention policy"
        verbose_name_plural = "retention policy of the site"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="site_policy_once"),
        ]

    def __str__(self) -> str:
        return "Retention policy of the site"

    @classmethod
    def current(cls) -> Self:
        """The row, or one that says nothing while nobody has saved any."""
        return cls.objects.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)
