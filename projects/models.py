"""Projects, the keys their applications send with, and who may see them."""

import secrets
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import User
from projects.addresses import Address, other_addresses
from projects.native_key import NativeArea, NativeKey
from projects.outcome_count import OutcomeCount
from projects.rate_limits import RateLimited
from projects.revocable import Revocable
from projects.simple_key import SimpleKey
from projects.site_policy import SitePolicy

__all__ = [
    "Membership",
    "NativeArea",
    "NativeKey",
    "OutcomeCount",
    "Project",
    "ProjectKey",
    "SimpleKey",
    "SitePolicy",
]

PLATFORMS = [
    ("python-fastapi", "FastAPI"),
    ("python-django", "Django"),
    ("python-flask", "Flask"),
    ("python", "Python"),
    ("node", "Node.js"),
    ("javascript", "Browser JavaScript"),
    ("go", "Go"),
    ("php", "PHP"),
    ("ruby", "Ruby"),
    ("other", "Other"),
]


class ProjectQuerySet(models.QuerySet["Project"]):
    """Who may do what in which project: every page, form and action begins here."""

    def active(self) -> Self:
        """Projects that nobody has deleted."""
        return self.filter(deleted_at=None)

    def named(self, name: str) -> Self:
        """Those of this very name, else those that differ from it in capitals alone."""
        exact = self.filter(name=name)
        return exact if exact.exists() else self.filter(name__iexact=name)

    def visible_to(self, user: User) -> Self:
        """The projects whose data this person may read: their own, or all for a superuser."""
        if not user.is_active:
            return self.none()
        projects = self.active()
        return projects if user.is_superuser else projects.filter(members=user)

    def writable_by(self, user: User) -> Self:
        """Projects in which this person may change issues."""
        return self._with_role(user, Membership.WRITERS)

    def managed_by(self, user: User) -> Self:
        """Projects whose settings, keys and members this person may change."""
        return self._with_role(user, Membership.MANAGERS)

    def _with_role(self, user: User, roles: tuple[str, ...]) -> Self:
        projects = self.visible_to(user)
        if user.is_superuser:
            return projects
        # One filter call: the role must be this person's own.
        return projects.filter(memberships__user=user, memberships__role__in=roles)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Rows that go together."""

    def last_owners(self) -> Self:
        """Those of these rows without all of which a project would have no owner."""
        others = Membership.objects.filter(project=models.OuterRef("project"), role="owner")
        others = others.exclude(pk__in=self.values("pk"))
        owners = self.filter(role="owner", project__deleted_at=None)
        return owners.filter(~models.Exists(others)).select_related("project", "user")


def keep_last_owners(
    collector: Any, field: Any, rows: "models.QuerySet[Membership]", using: str
) -> None:
    """Let memberships go with their person, but no project lose its only owner.

    Source: Django's `on_delete`. Raises ProtectedError; the admin lists what it names.
    """
    last = Membership.objects.filter(pk__in=rows.values("pk")).last_owners()
    if last:
        names = ", ".join(str(row.project) for row in last)
        raise models.ProtectedError(f"Nobody else owns {names}.", set(last))
    models.CASCADE(collector, field, rows, using)


class Project(RateLimited):
    """An application, or a part of one, that sends its errors here."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, unique=True)
    short_prefix = models.CharField(
        max_length=16,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9]*$", "Use capital letters and digits.")],
        help_text="Begins the short ids of issues, as in SHOP-41.",
    )
    # The last number given to an issue; counted up in the digest under the row's lock.
    last_issue_number = models.PositiveIntegerField(default=0, editable=False)
    platform = models.CharField(max_length=32, choices=PLATFORMS, default="other")
    # The REST interface's `lang` as it was given; projects.languages makes a platform of it.
    language = models.CharField(max_length=32, blank=True, default="", editable=False)
    members: "models.ManyToManyField[User, Membership]" = models.ManyToManyField(
        User, through="Membership", related_name="projects"
    )
    retention_days = models.PositiveIntegerField(
        null=True, blank=True, help_text="Days that events are kept; empty: as the site."
    )
    max_events = models.PositiveIntegerField(
        null=True, blank=True, help_text="Events kept in all; 0: no bound; empty: as the site."
    )
    max_events_per_issue = models.PositiveIntegerField(
        null=True, blank=True, help_text="Events kept for an issue; empty: as the site."
    )
    resolved_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Days that resolved issues are kept; 0: for ever; empty: as the site.",
    )
    allowed_origins = models.TextField(
        blank=True, default="*", help_text="Origins that browsers may send from, one a line."
    )
    sensitive_fields = models.TextField(
        blank=True, help_text="Further field names to filter out, one a line."
    )
    safe_fields = models.TextField(
        blank=True, help_text="Field names that are never filtered, one a line."
    )
    drop_ip_addresses = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Marked here first; a background task removes the data in batches.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_event_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = (Lower("name"),)
        constraints = [
            # errors.queries.issues: a short id leads to one issue.
            models.UniqueConstraint(
                fields=["short_prefix"],
                name="short_prefix_once",
                violation_error_message="Another project's short ids begin so already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def new_public_key() -> str:
    """128 random bits as 32 lower-case hex digits."""
    return secrets.token_hex(16)


class ProjectKey(Revocable, RateLimited):
    """The secretless key in a project's DSN."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="keys")
    public_key = models.CharField(
        max_length=32,
        unique=True,
        default=new_public_key,
        validators=[RegexValidator(r"^[0-9a-f]{32}$", "A key is 32 lower-case hex digits.")],
    )
    label = models.CharField(max_length=100, default="Default")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Within a minute: written by the digest, never on the accept path.
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.project}: {self.label}"

    @property
    def dsn(self) -> str:
        """The address to put into an SDK: https://key@host[/prefix]/project."""
        site = urlsplit(settings.SITE_URL)
        return f"{site.scheme}://{self.public_key}@{site.netloc}{site.path}/{self.project_id}"

    @property
    def addresses(self) -> list[Address]:
        """Where it is sent to without an SDK."""
        return other_addresses(settings.SITE_URL, self.project_id, self.public_key)


class Membership(models.Model):
    """What one person may do in one project."""

    class Role(models.TextChoices):
        VIEWER = "viewer", "Viewer"
        MEMBER = "member", "Member"
        MANAGER = "manager", "Manager"
        OWNER = "owner", "Owner"

    MANAGERS = (Role.MANAGER.value, Role.OWNER.value)
    WRITERS = (Role.MEMBER.value, *MANAGERS)

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=keep_last_owners, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("user__name",)
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.project} as {self.role}"
