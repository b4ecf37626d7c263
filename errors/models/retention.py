"""What retention remembers, and where its policies are shown in the admin."""

from django.db import models

from errors.models.issue import Issue
from projects.models import Project


class IssueTrim(models.Model):
    """How many events an issue had counted when its surplus was last removed.

    Apart from the issue, whose row the digest locks for each batch.
    """

    issue = models.OneToOneField(
        Issue, primary_key=True, on_delete=models.CASCADE, related_name="trim"
    )
    event_count = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.issue_id} at {self.event_count}"


class ProjectRetention(Project):
    """A project as its retention sees it: a page of its own in the admin, with a preview."""

    class Meta:
        proxy = True
        verbose_name = "retention of a project"
        verbose_name_plural = "retention of projects"
