"""What applications of the simple interface call their project: any text, no secret."""

from django.db import models
from django.utils import timezone

from projects.revocable import Revocable


class SimpleKey(Revocable):
    """A `project_key`; events that name it go to its project."""

    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="simple_keys"
    )
    key = models.CharField(
        max_length=200, unique=True, help_text="What applications send as project_key."
    )
    # Made because an application named it: how many such projects there may be is bounded.
    is_automatic = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "simple key"
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key
