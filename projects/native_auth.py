"""Who a native client is: the key in X-API-Key, remembered for seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from common.addresses import network_of
from common.recent import RecentAnswers
from common.secret_texts import hash_secret, is_sendable
from projects.attempts import attempts
from projects.models import NativeArea, NativeKey
from projects.tasks import note_key_use

# A key that was revoked is refused after this at the latest.
TTL_S = 5.0
MAX_REMEMBERED = 10_000
USE_NOTED_EVERY = timedelta(minutes=1)
INVALID = "Invalid API key"


@dataclass(frozen=True, slots=True)
class KnownNativeKey:
    """A key in use, as a request's `auth`; project_id is None where it opens the whole site."""

    key_id: int
    label: str
    project_id: int | None
    areas: frozenset[str]
    errors_per_minute: int | None
    expires_at: datetime | None
    last_used_at: datetime | None

    def opens(self, area: str, now: datetime) -> bool:
        """Whether it is good for this area now."""
        return area in self.areas and (self.expires_at is None or self.expires_at > now)


class NativeKeyAuthentication(BaseAuthentication):
    """Takes the key of a native client; a subclass for each area says what it must open."""

    area: ClassVar[str]

    def authenticate(self, request: Request) -> tuple[AnonymousUser, KnownNativeKey]:
        """Nobody, who holds a key.

        Raises: AuthenticationFailed without a key that opens the area, TooManyAttempts.
        """
        now = timezone.now()
        text = given_key(request)
        if not text:
            raise AuthenticationFailed(INVALID)
        secret_hash = hash_secret(text)
        address = network_of(request.META.get("REMOTE_ADDR", ""))
        attempts.check(address, secret_hash)
        key = known_native_keys.find(secret_hash) if is_sendable(text) else None
        if key is None or not key.opens(self.area, now):
            attempts.note_failure(address)
            raise AuthenticationFailed(INVALID)
        attempts.note_success(address, secret_hash)
        note_use(key, now)
        return AnonymousUser(), key

    def authenticate_header(self, request: Request) -> str:
        """Without it the answer were 403."""
        return "X-API-Key"


class ErrorsKeyAuthentication(NativeKeyAuthentication):
    """For what the native error tracker answers."""

    area = NativeArea.ERRORS.value


class BrowserKeyAuthentication(NativeKeyAuthentication):
    """For what manages the browser relay."""

    area = NativeArea.BROWSER.value


def key_of(request: Request) -> KnownNativeKey:
    """The key that opened a view with one of these authentications."""
    assert isinstance(request.auth, KnownNativeKey)
    return request.auth


def given_key(request: Request) -> str:
    """The key as it was sent, "" without one; `?api_key=` has become the header by now."""
    header: str = request.META.get("HTTP_X_API_KEY", "")
    return header.strip()


def note_use(key: KnownNativeKey, now: datetime) -> None:
    """Have the moment written, once a minute for a key, and not while somebody waits."""
    last = _noted.get(key.key_id) or key.last_used_at
    if last is None or now - last >= USE_NOTED_EVERY:
        _noted[key.key_id] = now
        note_key_use(key.key_id, now)


# By key, in this process; as many entries as there are keys.
_noted: dict[int, datetime] = {}


def load_native_key(secret_hash: str) -> KnownNativeKey | None:
    """The key in use that has this hash.

    It is looked up by the hash, so that the time it takes tells nothing of a key.
    """
    # Not from a replica, which may not know yet that a key was made, or revoked.
    keys: QuerySet[NativeKey] = NativeKey.objects.using(DEFAULT_DB_ALIAS).in_use(timezone.now())
    key = keys.filter(secret_hash=secret_hash).first()
    if key is None:
        return None
    return KnownNativeKey(
        key_id=key.pk,
        label=key.label,
        project_id=key.project_id,
        areas=frozenset(key.areas),
        errors_per_minute=key.errors_per_minute,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
    )


known_native_keys = RecentAnswers(load_native_key, ttl_s=TTL_S, max_entries=MAX_REMEMBERED)
