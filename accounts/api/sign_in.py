"""A name and a password for a pair of tokens, and a refresh token for the next pair."""

import time
from dataclasses import asdict

from allauth.core import ratelimit
from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import SaysBearer
from accounts.api.base import RestView
from accounts.api.schema import LOGIN, REFRESH
from accounts.api.serializers import LoginSerializer, RefreshSerializer
from accounts.models import User
from accounts.services import record_sign_in
from accounts.sign_in import TooManyAttempts, check_password
from accounts.tokens import TokenError, issue_pair, read_token

NO_MATCH = "wrong login/password"
WAIT_S = 300


class LoginView(RestView):
    """Signs in for a program, with the limits of the page."""

    # Nobody is asked for a token; without a class a refusal would be 403.
    authentication_classes = (SaysBearer,)
    permission_classes = (AllowAny,)

    @extend_schema(**LOGIN)
    def post(self, request: Request) -> Response:
        given = LoginSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = _person(request._request, **given.validated_data)
        if user.must_change_password:
            raise PermissionDenied("Sign in to the site and change the one-time password first")
        record_sign_in(user=user)
        return Response(asdict(issue_pair(user, now_s=int(time.time()))))


class RefreshView(RestView):
    """The next pair; the person may have been switched off meanwhile."""

    # Nobody is asked for a token; without a class a refusal would be 403.
    authentication_classes = (SaysBearer,)
    permission_classes = (AllowAny,)

    @extend_schema(**REFRESH)
    def post(self, request: Request) -> Response:
        given = RefreshSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        now_s = int(time.time())
        try:
            user = read_token(given.validated_data["refresh_token"], "refresh", now_s=now_s)
        except TokenError as error:
            raise AuthenticationFailed("Invalid or expired token") from error
        return Response(asdict(issue_pair(user, now_s=now_s)))


def _person(http: HttpRequest, login: str, password: str) -> User:
    """Raises AuthenticationFailed, in the same words and time for everybody; Throttled."""
    if not ratelimit.consume(http, action="login"):
        raise Throttled(60, "Too many attempts. Wait a minute, then try again.")
    try:
        user = check_password(http, login=login, password=password)
    except TooManyAttempts as error:
        raise Throttled(WAIT_S, str(error)) from error
    if user is None:
        raise AuthenticationFailed(NO_MATCH)
    return user
