"""Event ids: 32 hex digits, however a client writes them."""

import re

_EVENT_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read_event_id(value: object) -> str:
    """The id as 32 lower-case hex digits, dashes dropped; "" for anything else."""
    if not isinstance(value, str):
        return ""
    text = value.lower()
    return text.replace("-", "") if _EVENT_ID.fullmatch(text) else ""
