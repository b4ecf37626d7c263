"""The id of a request: in its answer and in every log line about it."""

import re

# What a proxy may call a request: short, and nothing that could break a log line.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


def is_request_id(text: str) -> bool:
    """Whether an id that came with the request is kept; the server makes one otherwise."""
    return _REQUEST_ID.match(text) is not None
