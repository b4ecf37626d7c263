"""The origins that a project's browsers may send from, as people type them."""

import re

from django.core.exceptions import ValidationError

# What ingest.protocol.cors.is_allowed reads: an origin, a host, or "*." and a domain.
_HOST = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
_ORIGIN = re.compile(
    rf"\*|([a-z][a-z0-9+.-]*://)({_HOST}|\[[0-9a-f:]+\])(:\d{{1,5}})?|(\*\.)?{_HOST}"
)


def check_origins(text: str) -> str:
    """The origins in lower case, one a line, each once. Raises ValidationError, naming the line."""
    lines = (line.strip().rstrip("/").lower() for line in text.splitlines())
    origins = [origin for origin in dict.fromkeys(lines) if origin]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValidationError(
                f"Write {origin} like https://shop.example.com or *.example.com; * is everywhere."
            )
    return "\n".join(origins)
