"""Secrets that programs send: made here, kept as hashes, told apart by what they begin with."""

import hashlib
import re
import secrets
from dataclasses import dataclass

SECRET_BYTES = 32
MAX_LENGTH = 256
# What a header carries as it is, and an address once it is encoded.
_SENDABLE = re.compile(rf"[!-~]{{1,{MAX_LENGTH}}}")

# A secret that somebody thought up: guessed sooner or later.
_MIN_LENGTH = 20
_MIN_DIFFERENT = 8
_PLACEHOLDERS = re.compile(r"change.?me|change.?this|your.?(api.?)?key|placeholder|example")


@dataclass(frozen=True, slots=True)
class SecretText:
    """A secret as its owner sees it once, and what is kept of it."""

    text: str
    prefix: str
    secret_hash: str


def make_secret(kind: str) -> SecretText:
    """A new one: `kind_3f9a01c2_…`, whose last part is 256 random bits in base64url."""
    prefix = f"{kind}_{secrets.token_hex(4)}"
    text = f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    return SecretText(text, prefix, hash_secret(text))


def take_secret(text: str) -> SecretText:
    """One that was made elsewhere. Its beginning is kept only where enough is left to guess."""
    prefix = text[:4] if len(text) >= 2 * _MIN_LENGTH else ""
    return SecretText(text, prefix, hash_secret(text))


def hash_secret(text: str) -> str:
    """SHA-256 in hex: enough where the secret itself is random, and fast."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def is_sendable(text: str) -> bool:
    """Whether it is 1 to 256 printable ASCII characters without a space."""
    return _SENDABLE.fullmatch(text) is not None


def weakness(text: str) -> str:
    """Why others could guess this secret, as a clause; "" when they could not."""
    if len(text) < _MIN_LENGTH:
        return f"it has fewer than {_MIN_LENGTH} characters"
    if len(set(text)) < _MIN_DIFFERENT:
        return f"it has fewer than {_MIN_DIFFERENT} different characters"
    if _PLACEHOLDERS.search(text.lower()):
        return "it reads like the placeholder of an example"
    return ""
