"""Takes out of a log line what opens something: links that reset a password."""

import re
from collections.abc import MutableMapping
from typing import Any

_SECRET = re.compile(r"(?<=/password/reset/key/)[^/?\s\"']+")


def hide_secrets(
    logger: Any, name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A processor of structlog: every text of the line, without what opens something."""
    for key, value in event.items():
        if isinstance(value, str) and "/reset/key/" in value:
            event[key] = _SECRET.sub("hidden", value)
    return event
