"""Where an SDK may put its public key, and what the accept path knows of a key."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from common.sliding_window import Limit
from ingest.errors import IngestError

_PUBLIC_KEY = re.compile(r"[0-9a-f]{32}")
# What a longer header holds is not looked at: headers are remembered.
_MAX_HEADER = 1024


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that exists; inactive when it was revoked or its project deleted.

    limit:         how much of each category may come with this key; None: as much as comes.
    project_limit: how much with all keys of its project together.
    """

    key_id: int
    project_id: int
    allowed_origins: tuple[str, ...]
    is_active: bool
    limit: Limit | None = None
    project_limit: Limit | None = None

    @property
    def is_limited(self) -> bool:
        return self.limit is not None or self.project_limit is not None


def one_public_key(given: Iterable[str]) -> str:
    """The one key that all places agree on.

    Raises: IngestError 401: none, one that is not 32 lower-case hex digits, two that disagree.
    """
    keys = set(given)
    if not keys:
        raise IngestError(401, "The request names no public key.")
    if len(keys) > 1:
        raise IngestError(401, "The request names public keys that disagree.")
    (key,) = keys
    if not is_public_key(key):
        raise IngestError(401, "The public key is malformed: it has 32 lower-case hex digits.")
    return key


def is_public_key(text: str) -> bool:
    """Whether it is 32 lower-case hex digits."""
    return _PUBLIC_KEY.fullmatch(text) is not None


def header_keys(x_sentry_auth: str, authorization: str) -> tuple[str, ...]:
    """The keys in "X-Sentry-Auth: Sentry sentry_key=…" and the same or Basic in Authorization."""
    return _header_keys(x_sentry_auth[:_MAX_HEADER], authorization[:_MAX_HEADER])


# The same few clients send the same few headers, again and again.
@lru_cache(maxsize=1024)
def _header_keys(x_sentry_auth: str, authorization: str) -> tuple[str, ...]:
    found = [_sentry_key(x_sentry_auth), _sentry_key(authorization), _basic_user(authorization)]
    return tuple(key for key in found if key is not None)


def dsn_parts(dsn: object) -> tuple[str, str]:
    """The public key and project id of an envelope header's DSN; "" both without a key."""
    try:
        parts = urlsplit(dsn) if isinstance(dsn, str) else urlsplit("")
    except ValueError:
        return "", ""
    return (parts.username, parts.path.rpartition("/")[2]) if parts.username else ("", "")


def _sentry_key(header: str) -> str | None:
    """Source: Sentry SDK documentation, "Overview", section Authentication."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "sentry":
        return None
    for pair in rest.split(","):
        name, _, value = pair.partition("=")
        if name.strip().lower() == "sentry_key":
            return value.strip()
    return None


def _basic_user(header: str) -> str | None:
    """The user of HTTP Basic, which is how a DSN's key travels in a plain URL; RFC 7617."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[0]
    except ValueError:
        return ""
