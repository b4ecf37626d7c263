"""How much a key of a native client, or a browser's DSN key, may send."""

from dataclasses import dataclass

from django.conf import settings

WINDOW_S = 60


@dataclass(frozen=True, slots=True)
class NativeLimit:
    """Requests in any WINDOW_S seconds, and the size of one request's body."""

    requests: int
    body_bytes: int


def errors_limit(errors_per_minute: int | None) -> NativeLimit:
    """For POST /api/errors: the key's own number, else the site's."""
    requests = errors_per_minute or settings.NATIVE_ERRORS_PER_MINUTE
    return NativeLimit(requests, settings.NATIVE_ERRORS_MAX_BYTES)


def browser_limit() -> NativeLimit:
    """For what browsers send, by DSN key."""
    return NativeLimit(settings.NATIVE_BROWSER_PER_MINUTE, settings.NATIVE_BROWSER_MAX_BYTES)
