"""Who a program acts for: the API token in `Authorization: Bearer`, and what it may do."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request

from accounts.api_token import TOKEN_KIND
from accounts.models import ApiToken, User
from accounts.tasks import note_token_use
from common.secret_texts import hash_secret

USE_NOTED_EVERY = timedelta(minutes=1)


class ApiTokenAuthentication(BaseAuthentication):
    """Takes an API token. Bearers of other kinds are left to who stands beside it.

    Attempts are not counted: every token is made here, with 256 random bits.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's person and the token. Raises AuthenticationFailed for one not in use."""
        text = bearer_of(request)
        if not text.startswith(f"{TOKEN_KIND}_"):
            return None
        now = timezone.now()
        # Not from a replica, which may not know yet that a token was made, or revoked. By the
        # hash, so that the time it takes tells nothing of a token.
        tokens = ApiToken.objects.using(DEFAULT_DB_ALIAS).in_use(now).select_related("user")
        token = tokens.filter(secret_hash=hash_secret(text)).first()
        if token is None:
            raise AuthenticationFailed("Invalid API token")
        if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
            note_token_use(token.pk, now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Without it the answer were 403."""
        return "Bearer"


class HasScope(IsAuthenticated):
    """Lets people who signed in pass, and tokens that carry the scope of the view's area.

    A view that needs another one than `<area>:read` and `<area>:write` overrides `scope_of`.
    """

    area: ClassVar[str]

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether somebody is there, and their token carries the scope."""
        if not super().has_permission(request, view):
            return False
        token, scope = request.auth, self.scope_of(request)
        self.message = f"This token lacks the scope {scope}."
        return not isinstance(token, ApiToken) or token.allows(scope)

    def scope_of(self, request: Request) -> str:
        """The scope that this request needs."""
        return f"{self.area}:{'read' if request.method in SAFE_METHODS else 'write'}"


class ErrorsScope(HasScope):
    """For issues, events and statistics."""

    area = "errors"


class ProjectsScope(HasScope):
    """For projects, their keys and members."""

    area = "projects"


class UsersScope(HasScope):
    """For people."""

    area = "users"


def bearer_of(request: Request) -> str:
    """What stands behind `Authorization: Bearer`; "" without it."""
    header: str = request.META.get("HTTP_AUTHORIZATION", "")
    scheme, _, text = header.strip().partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""
