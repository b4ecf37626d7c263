"""From a report to the answer: find its project, digest it at once, say what became of it."""

import secrets
import time
from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest
from rest_framework.response import Response

from ingest.digest.at_once import WAIT_S, Digested, digest_at_once
from ingest.digest.patience import waiting_until
from ingest.native.bodies import message_of
from ingest.native.reports import Report, ReportError, event_of
from projects.named import find_or_make_project
from projects.native_auth import KnownNativeKey
from projects.native_view import NativeRefusal

Read = TypeVar("Read")


def read_report(read: Callable[[bytes], Read], body: bytes) -> Read:
    """What the body says. Raises NativeRefusal 400."""
    try:
        return read(body)
    except ReportError as error:
        raise NativeRefusal(400, str(error)) from error


def project_of(key: KnownNativeKey, name: str) -> int:
    """The key's own project; for a key of the whole site the one of this name, made if need be.

    Raises: OperationalError when the database is locked for long.
    """
    if key.project_id is not None:
        return key.project_id
    with waiting_until(time.monotonic() + WAIT_S):
        return find_or_make_project(name)


def record(http: HttpRequest, report: Report, *, project_id: int, key_id: int = 0) -> Response:
    """Write the report and answer. Raises IngestError."""
    event = event_of(report, event_id=secrets.token_hex(16))
    message = message_of(http, event, project_id=project_id, key_id=key_id)
    return _answer(digest_at_once(message))


def _answer(digested: Digested) -> Response:
    recorded = digested.recorded
    if recorded.is_new:
        made = {"status": "created", "id": recorded.issue_id, "fingerprint": digested.fingerprint}
        return Response(made, status=201)
    status = "reopened" if recorded.is_regression else "incremented"
    counted = {"status": status, "id": recorded.issue_id, "count": recorded.event_count}
    return Response(counted, status=201 if recorded.is_regression else 200)
