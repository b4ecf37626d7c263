"""Bodies of native requests: read within bounds, made messages."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest

from common.jsonio import dumps
from ingest.errors import IngestError
from ingest.http import client_of, view_intake
from ingest.inbox.base import Message
from projects.native_view import NativeRefusal

READ_BYTES = 64 * 1024
TOO_LARGE = "Request body exceeds maximum size"


@contextmanager
def receiving(http: HttpRequest, max_bytes: int) -> Iterator[bytes]:
    """The body, which counts as in flight until the block ends.

    Raises: NativeRefusal 413, 503; an IngestError from inside becomes one as well.
    """
    length = http.headers.get("Content-Length", "")
    try:
        with view_intake().receiving(length) as body:
            if length.isdecimal() and int(length[:18]) > max_bytes:
                raise NativeRefusal(413, TOO_LARGE)
            held_bytes = 0
            while chunk := _read(http):
                held_bytes += len(chunk)
                if held_bytes > max_bytes:
                    raise NativeRefusal(413, TOO_LARGE)
                body.add(chunk)
            yield body.joined()
    except IngestError as error:
        detail = TOO_LARGE if error.status == 413 else error.detail
        raise NativeRefusal(error.status, detail, retry_after_s=error.retry_after_s) from error


def message_of(
    http: HttpRequest, event: dict[str, Any], *, project_id: int, key_id: int = 0
) -> Message:
    """The event as accept would have taken it at this moment. It names its own `event_id`."""
    return Message(
        receipt=secrets.token_bytes(16),
        project_id=project_id,
        key_id=key_id,
        kind="store",
        coding="",
        event_id=event["event_id"],
        received_ms=time.time_ns() // 1_000_000,
        client_ip=client_of(http),
        body=dumps(event),
    )


def _read(http: HttpRequest) -> bytes:
    try:
        return http.read(READ_BYTES)
    except OSError as error:
        raise NativeRefusal(400, "Invalid JSON") from error
