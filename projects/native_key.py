"""Keys of native clients: secrets that open the site, or one project, to programs."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from projects.revocable import Revocable


class NativeArea(models.TextChoices):
    """What a key opens; each was a service of its own once."""

    ERRORS = "errors", "Errors"
    LOGS = "logs", "Logs"
    METRICS = "metrics", "Metrics"
    BROWSER = "browser", "Browser relay"


def every_area() -> list[str]:
    """What a key opens when nobody says less."""
    return list(NativeArea.values)


class NativeKeyQuerySet(models.QuerySet["NativeKey"]):
    """Keys in use."""

    def in_use(self, now: datetime) -> Self:
        """Keys that are taken: not revoked, not run out, their project not deleted."""
        not_over = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.filter(not_over, revoked_at=None, project__deleted_at=None)


class NativeKey(Revocable):
    """A secret sent as X-API-Key. Only its hash is kept; who made it saw it once."""

    project = models.ForeignKey(
        "projects.Project",
        on_delete=models.CASCADE,
        related_name="native_keys",
        null=True,
        blank=True,
        help_text="Empty: opens the whole site.",
    )
    label = models.CharField(max_length=100)
    prefix = models.CharField(max_length=20, blank=True, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    areas = models.JSONField(default=every_area)
    errors_per_minute = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Errors taken in any 60 seconds; empty: as the site.",
    )
    # The variable that it was imported from; a new value there takes this one's place.
    source = models.CharField(max_length=40, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    # Within a minute.
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NativeKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.project or 'Whole site'}: {self.label}"

    @property
    def is_expired(self) -> bool:
        """Whether its time has run out."""
        return self.expires_at is not None and self.expires_at <= timezone.now()
