"""People who sign in."""

from collections.abc import Iterator
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.api_token import ApiToken, Scope

__all__ = ["ApiToken", "Scope", "SigningKey", "User", "UserManager", "validate_time_zone"]


def validate_time_zone(name: str) -> None:
    """Accept only names of the IANA time zone database."""
    if name not in available_timezones():
        raise ValidationError(f"{name} is not a known time zone.")


class UserManager(BaseUserManager["User"]):
    """Makes people. Emails are stored in lower case, an absent one as NULL: both stay unique."""

    def create_user(
        self, name: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> "User":
        user = self.model(name=name, email=(email or "").lower() or None, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, name: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> "User":
        return self.create_user(
            name, email, password, **{"is_staff": True, "is_superuser": True, **extra}
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(name=username)

    def visible_to(self, user: "User") -> "models.QuerySet[User]":
        """The people whom this person may see: everybody for a superuser, else themselves."""
        if not user.is_active:
            return self.none()
        return self.all() if user.is_superuser else self.filter(pk=user.pk)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: signs in by name or by email."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    name = models.CharField(
        max_length=100,
        unique=True,
        # No @: a name can never look like somebody else's email address.
        validators=[RegexValidator(r"^[\w.+-]+$", "Use letters, digits and . + - _ only.")],
        help_text="Unique; used to sign in.",
    )
    email = models.EmailField(unique=True, null=True, blank=True)
    telegram_chat_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 (the old API answers null)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the admin.")
    must_change_password = models.BooleanField(
        default=False, help_text="The next page after signing in asks for a new password."
    )
    date_joined = models.DateTimeField(default=timezone.now)
    # Sessions and pairs of tokens of before are good for nothing.
    signed_out_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("name",)
        constraints = [
            # People sign in without minding capitals: Ana and ana would lock each other out.
            models.UniqueConstraint(
                Lower("name"),
                name="user_name_once",
                violation_error_message="A person with this name exists already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.email = (self.email or "").lower() or None
        self.telegram_chat_id = self.telegram_chat_id or None

    def get_session_auth_hash(self) -> str:
        """What sessions carry: it changes with the password, and on signing out everywhere."""
        return self._bind(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._bind, super().get_session_auth_fallback_hash())

    def _bind(self, session_hash: str) -> str:
        if self.signed_out_at is None:
            return session_hash
        text = f"{session_hash} {self.signed_out_at.timestamp()}"
        return salted_hmac("accounts.models.User", text, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class SigningKey(models.Model):
    """The SECRET_KEY that the site was prepared with, by its fingerprint; one row."""

    fingerprint = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.fingerprint[:8]
