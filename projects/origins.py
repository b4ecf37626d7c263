"""The origins that a project's browsers may send from, as people type them. Pure of state."""

import re

from django.core.exceptions import ValidationError

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


def check_origins(text: str) -> str:
    """The origins in lower case, one a line, each once. Raises ValidationError, naming the line.

    Shape: `*` for every origin, or `https://shop.example.com[:port]` without a path.
    """
    origins = list(dict.fromkeys(line.strip().rstrip("/").lower() for line in text.splitlines()))
    origins = [origin for origin in origins if origin]
    for origin in origins:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise ValidationError(f"Write {origin} like https://shop.example.com, or * for all.")
    return "\n".join(origins)
