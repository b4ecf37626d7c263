"""Which origins may send from a browser, and the headers that let it read the answer."""

from collections.abc import Sequence
from urllib.parse import urlsplit

Header = tuple[bytes, bytes]

ANY_ORIGIN: Header = (b"access-control-allow-origin", b"*")
EXPOSED: Header = (
    b"access-control-expose-headers",
    b"x-sentry-error, x-sentry-rate-limits, retry-after",
)
PREFLIGHT: tuple[Header, ...] = (
    (
        b"access-control-allow-headers",
        b"x-sentry-auth, x-requested-with, x-forwarded-for, origin, referer, accept, content-type, "
        b"authentication, authorization, content-encoding, transfer-encoding, baggage, "
        b"sentry-trace",
    ),
    (b"access-control-max-age", b"3600"),
)
_OPEN = (ANY_ORIGIN, EXPOSED)


def is_allowed(origin: str, allowed: Sequence[str]) -> bool:
    """Whether a browser on this origin may send.

    An entry is "*", an origin ("https://shop.example"), a host, or "*." and a domain.
    """
    return "*" in allowed or any(_matches(origin.lower(), entry.lower()) for entry in allowed)


def origin_headers(origin: str, allowed: Sequence[str]) -> tuple[Header, ...]:
    """The headers of any answer to this origin; "" is a client that is no browser."""
    if not origin or "*" in allowed:
        return _OPEN
    vary = (b"vary", b"origin")
    if not is_allowed(origin, allowed):
        return (EXPOSED, vary)
    return ((b"access-control-allow-origin", origin.encode("latin-1", "replace")), EXPOSED, vary)


def _matches(origin: str, entry: str) -> bool:
    if "://" in entry:
        return origin == entry.rstrip("/")
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    if entry.startswith("*."):
        return host.endswith(entry[1:])
    return host == entry
