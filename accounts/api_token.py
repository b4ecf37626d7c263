"""Tokens with which programs act for a person."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

# A token's text begins so, which tells it from other bearers.
TOKEN_KIND = "cat"  # noqa: S105 (no secret: what every token begins with)


class Scope(models.TextChoices):
    """What a token may do, within what its person may."""

    ERRORS_READ = "errors:read", "Read issues, events and statistics"
    ERRORS_WRITE = "errors:write", "Change issues"
    PROJECTS_READ = "projects:read", "Read projects and their settings"
    PROJECTS_WRITE = "projects:write", "Make, change and delete projects"
    USERS_READ = "users:read", "Read people"
    USERS_WRITE = "users:write", "Make, change and delete people"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens in use."""

    def in_use(self, now: datetime) -> Self:
        """Tokens that are taken: not revoked, not run out, their person active.

        Whoever must change their password first can do nothing else, nor can their programs.
        """
        not_over = Q(expires_at=None) | Q(expires_at__gt=now)
        users = {"user__is_active": True, "user__must_change_password": False}
        return self.filter(not_over, revoked_at=None, **users)


class ApiToken(models.Model):
    """A secret sent as `Authorization: Bearer`. Only its hash is kept; its person saw it once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    label = models.CharField(max_length=100)
    prefix = models.CharField(max_length=20, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    # Within a minute.
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.user}: {self.label}"

    @property
    def is_expired(self) -> bool:
        """Whether its time has run out."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def allows(self, scope: str) -> bool:
        """Whether it carries this scope; writing includes reading."""
        area, _, verb = scope.partition(":")
        return scope in self.scopes or (verb == "read" and f"{area}:write" in self.scopes)
