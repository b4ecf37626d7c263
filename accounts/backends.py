"""Who a name or an email and a password belong to."""

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import User


class OneCheckBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Hashes a password once an attempt, so that the time it takes tells nothing.

    What looks like an email comes as a name too; allauth would hash for both, but only where
    somebody has that email. No name holds an @ (accounts.models.User).
    """

    def authenticate(self, request: HttpRequest | None, **credentials: str) -> User | None:
        if credentials.get("email"):
            credentials.pop("username", None)
        person: User | None = super().authenticate(request, **credentials)
        return person
