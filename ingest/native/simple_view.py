"""Simple events: one JSON object, its project named inside."""

import secrets
import time
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ingest.digest.at_once import WAIT_S
from ingest.digest.patience import waiting_until
from ingest.inbox import append_and_wait
from ingest.keys import key_cache
from ingest.native import schema
from ingest.native.bodies import message_of, receiving
from ingest.native.sending import PageSendingView, known_project
from ingest.native.simple import SimpleEventError, read_simple_event, simple_event_of
from projects.named import find_sender, make_sender
from projects.native_view import NativeRefusal


class SimpleEventsView(PageSendingView):
    """Takes an event into the inbox, as accept does, and answers with its number."""

    authentication_classes: Any = ()

    @extend_schema(**schema.SIMPLE)
    def post(self, request: Request) -> Response:
        http = request._request
        with receiving(http, settings.MAX_EVENT_BYTES) as body:
            try:
                given = read_simple_event(body, now=time.time())
            except SimpleEventError as error:
                raise NativeRefusal(422, error.faults) from error
            project_id, key_id = _find_project(given.project_key)
            # A DSN's key has limits of its own.
            known = key_cache.find(given.project_key) if key_id else None
            self.know(known or known_project(project_id))
            self.take_by(known or known_project(project_id))
            event = simple_event_of(given, event_id=secrets.token_hex(16))
            message = message_of(http, event, project_id=project_id, key_id=key_id)
            row_id = append_and_wait(message)
        said = {"id": row_id, "timestamp": given.timestamp, "message": given.message}
        return Response(said)


def _find_project(project_key: str) -> tuple[int, int]:
    """The project's id, and that of its DSN's key where it was named so. Raises NativeRefusal."""
    sender = find_sender(project_key)
    if sender.project_id is None and not sender.is_refused:
        with waiting_until(time.monotonic() + WAIT_S):
            sender = make_sender(project_key)
    if sender.project_id is None:
        raise NativeRefusal(404, "Unknown project_key")
    return sender.project_id, sender.key_id
