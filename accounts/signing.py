"""Which SECRET_KEY the site signs with: hosts that differ refuse each other's sessions."""

from django.utils.crypto import salted_hmac

from accounts.models import SigningKey

OTHER_KEY = (
    "SECRET_KEY is not the one that the site was prepared with: sessions and links made here are"
    " refused by other hosts. Set the same SECRET_KEY on all of them; after a change on purpose,"
    " run manage.py prepare."
)


def remember_signing_key() -> bool:
    """Note this host's key as the site's; return whether another one was noted before."""
    others = SigningKey.objects.exclude(fingerprint=_fingerprint())
    is_other, _ = others.delete()
    SigningKey.objects.get_or_create(fingerprint=_fingerprint())
    return bool(is_other)


def has_other_key() -> bool:
    """Whether the site was prepared with another SECRET_KEY than this host has."""
    noted = set(SigningKey.objects.values_list("fingerprint", flat=True))
    return bool(noted) and _fingerprint() not in noted


def _fingerprint() -> str:
    """Tells keys apart, and nothing about them."""
    return salted_hmac("accounts.signing", "which key", algorithm="sha256").hexdigest()
