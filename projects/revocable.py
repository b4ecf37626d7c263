"""Keys that can be revoked, and taken back into use."""

from datetime import datetime

from django.db import models


class Revocable(models.Model):
    """What is refused from the moment that it was revoked, within the seconds it is remembered."""

    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_active(self) -> bool:
        """Whether it was never revoked, or taken back; its project may be deleted all the same."""
        return self.revoked_at is None

    def revoke(self, *, now: datetime) -> None:
        """Refuse it from now on; what was revoked before keeps its moment."""
        self.revoked_at = self.revoked_at or now
        self.save(update_fields=["revoked_at"])

    def restore(self) -> None:
        """Take it back into use."""
        self.revoked_at = None
        self.save(update_fields=["revoked_at"])
