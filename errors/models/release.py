"""The versions and places that events come from."""

from django.db import models

from projects.models import Project


class Release(models.Model):
    """A version of a project, made when its first event arrives."""

    # No index of its own, here and below: the constraint begins with the column.
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, db_index=False, related_name="releases"
    )
    version = models.CharField(max_length=200)
    first_seen_at = models.DateTimeField()

    class Meta:
        ordering = ("-first_seen_at",)
        constraints = [
            # errors.services.record_places: the releases of a batch, and below its environments.
            models.UniqueConstraint(fields=["project", "version"], name="release_once"),
        ]

    def __str__(self) -> str:
        return self.version


class Environment(models.Model):
    """A place where a project runs, such as production."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, db_index=False, related_name="environments"
    )
    name = models.CharField(max_length=64)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="environment_once"),
        ]

    def __str__(self) -> str:
        return self.name
