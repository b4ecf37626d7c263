"""Pairs of tokens that sign a person in for programs: signed, expiring, stored nowhere.

An access token opens the REST interface for minutes; a refresh token only gives a new pair, for
days. Each kind is signed with a key of its own, so that neither can pass for the other. Both end at
once when their person is switched off, gets another password or is signed out everywhere
(decision 21).
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.utils.crypto import salted_hmac
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from accounts.models import User
from common.text import read_id

Kind = Literal["access", "refresh"]
# Ours have some 300 characters; what is longer is not even decoded.
MAX_CHARACTERS = 2048


class TokenError(Exception):
    """A token that signs nobody in; why is told to nobody."""


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What signing in gives a program."""

    access_token: str
    refresh_token: str


def issue_pair(user: User, *, now_s: int) -> TokenPair:
    """Sign a person in from now_s (unix seconds) on."""
    return TokenPair(_issue(user, "access", now_s), _issue(user, "refresh", now_s))


def read_token(token: str, kind: Kind, *, now_s: int) -> User:
    """The active person whom a token of this kind stands for at now_s. Raises TokenError."""
    claims = _read_claims(token, kind, now_s)
    user = User.objects.filter(pk=read_id(str(claims["sub"])) or 0, is_active=True).first()
    if user is None or not hmac.compare_digest(_stamp(user), str(claims["stamp"])):
        raise TokenError
    return user


def lifetime_of(kind: Kind) -> timedelta:
    """How long a token of this kind is good for."""
    is_access = kind == "access"
    minutes = settings.ACCESS_TOKEN_EXPIRE_MINUTES if is_access else _refresh_minutes()
    return timedelta(minutes=minutes)


def _refresh_minutes() -> int:
    return int(settings.REFRESH_TOKEN_EXPIRE_MINUTES)


def _issue(user: User, kind: Kind, now_s: int) -> str:
    claims = {
        "sub": str(user.pk),
        "kind": kind,
        "stamp": _stamp(user),
        "iat": now_s,
        "exp": now_s + int(lifetime_of(kind).total_seconds()),
        # Two pairs of the same second differ.
        "jti": secrets.token_urlsafe(12),
    }
    algorithm = settings.ALGORITHM
    return jwt.encode({"alg": algorithm}, claims, _signing_key(kind), algorithms=[algorithm])


def _read_claims(token: str, kind: Kind, now_s: int) -> dict[str, object]:
    if len(token) > MAX_CHARACTERS:
        raise TokenError
    registry = jwt.JWTClaimsRegistry(
        now=now_s,
        sub={"essential": True},
        stamp={"essential": True},
        exp={"essential": True},
        kind={"essential": True, "value": kind},
    )
    try:
        found = jwt.decode(token, _signing_key(kind), algorithms=[settings.ALGORITHM])
        registry.validate(found.claims)
    except (JoseError, ValueError, TypeError) as error:
        raise TokenError from error
    return dict(found.claims)


def _signing_key(kind: Kind) -> OctKey:
    secret = salted_hmac("accounts.tokens", kind, algorithm="sha512").digest()
    return OctKey.import_key(secret)


def _stamp(user: User) -> str:
    """Changes when the person's sessions end, and says nothing about the password."""
    session_hash = user.get_session_auth_hash()
    return salted_hmac("accounts.tokens.stamp", session_hash, algorithm="sha256").hexdigest()[:16]
