"""Who asks, by `Authorization: Bearer` and an access token."""

import time

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from accounts.token_auth import bearer_of
from accounts.tokens import TokenError, read_token

# A signed token has three parts; what looks otherwise is left to who comes next.
_DOTS = 2


class AccessTokenAuthentication(BaseAuthentication):
    """The person whom the access token was given to; a refresh token is none."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Raises AuthenticationFailed: expired, forged, or its person is out."""
        token = bearer_of(request)
        if token.count(".") != _DOTS:
            return None
        try:
            return read_token(token, "access", now_s=int(time.time())), None
        except TokenError as error:
            raise AuthenticationFailed("Invalid or expired token") from error

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SaysBearer(BaseAuthentication):
    """Looks at nothing, and makes refusals 401: for where one signs in."""

    def authenticate(self, request: Request) -> None:
        return None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
