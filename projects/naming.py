"""Addresses and short prefixes made from a project's name. Pure."""

import re
import unicodedata
from collections.abc import Container
from itertools import count

# Addresses of the projects app itself.
RESERVED_SLUGS = {"new"}
_MAX_SLUG = 90
_MAX_PREFIX = 8


def derive_slug(name: str, taken: Container[str]) -> str:
    """The name as an address: `Café Shop` → `cafe-shop`, then `cafe-shop-2`."""
    slug = "-".join(_words(name))[:_MAX_SLUG].strip("-") or "project"
    return _first_free(slug, "-", taken)


def derive_prefix(name: str, taken: Container[str]) -> str:
    """What short ids begin with: `Shop` → `SHOP`, `Team mail gateway` → `TMG`, then `TMG2`."""
    words = _words(name)
    text = "".join(word[0] for word in words) if len(words) > 2 else "".join(words[:1])
    prefix = re.sub(r"^[0-9]+", "", text).upper()[:_MAX_PREFIX] or "P"
    return _first_free(prefix, "", taken)


def _words(name: str) -> list[str]:
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", ascii_name.lower())


def _first_free(stem: str, separator: str, taken: Container[str]) -> str:
    candidates = (f"{stem}{separator}{number}" for number in count(2))
    if stem not in taken and stem not in RESERVED_SLUGS:
        return stem
    return next(candidate for candidate in candidates if candidate not in taken)
