"""The WSGI shell: what SDKs send, ahead of Django, in the threads of a production server."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any

from django.conf import settings

from ingest.accept import (
    AcceptRequest,
    Bounds,
    FindKey,
    admit,
    check_keys,
    well_formed_keys,
)
from ingest.answers import Answer, accepted, preflight, refused
from ingest.client_address import TrustedProxies
from ingest.errors import IngestError
from ingest.inbox import append_and_wait
from ingest.intake import (
    LARGE_AT_ONCE,
    RETRY_AFTER_S,
    SMALL_BODY_BYTES,
    Body,
    Intake,
    announced_bytes,
)
from ingest.keys import KeyNotCached, key_cache
from ingest.limits import Passed, check_address, pass_limits
from ingest.refusals import note_refusal
from ingest.routes import Route, hot_route, request_id_of

Environ = dict[str, Any]
StartResponse = Callable[..., object]
App = Callable[[Environ, StartResponse], Iterable[bytes]]

READ_BYTES = 64 * 1024
# As much as the proxy lets through (deploy/Caddyfile); more ends the connection.
DISCARD_BYTES = 64 * 1024 * 1024
# So long a large body waits for its turn to be opened.
LARGE_TIMEOUT_S = 10.0

_REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class IngestShell:
    """Answer what SDKs send; everything else is the app's."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._intake = Intake()
        self._proxies = TrustedProxies(settings.TRUSTED_PROXIES)
        self._prefix = settings.FORCE_SCRIPT_NAME or ""
        # The server has threads for many more bodies that are still on their way.
        self._turns = threading.Semaphore(settings.INGEST_THREADS)
        self._large_turns = threading.Semaphore(LARGE_AT_ONCE)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        route = hot_route(environ["PATH_INFO"], self._prefix)
        if route is None:
            return self._app(environ, start_response)
        request = self._request(environ, route)
        receipt = os.urandom(16)
        request_id = request_id_of(environ.get("HTTP_X_REQUEST_ID", ""), receipt)
        try:
            answer = self._answer(request, environ, receipt)
        except IngestError as error:
            note_refusal(request, error, request_id)
            _discard_rest(environ)
            answer = refused(request, error)
        return _send(start_response, answer, request_id)

    def _request(self, environ: Environ, route: Route) -> AcceptRequest:
        text = environ.get
        return AcceptRequest(
            method=environ["REQUEST_METHOD"],
            endpoint=route.endpoint,
            project=route.project,
            name=route.name,
            path_key=route.path_key,
            query=text("QUERY_STRING", ""),
            x_sentry_auth=text("HTTP_X_SENTRY_AUTH", ""),
            authorization=text("HTTP_AUTHORIZATION", ""),
            content_type=text("CONTENT_TYPE", ""),
            content_encoding=text("HTTP_CONTENT_ENCODING", ""),
            origin=text("HTTP_ORIGIN", ""),
            user_agent=text("HTTP_USER_AGENT", ""),
            client_ip=self._proxies.client_of(
                text("REMOTE_ADDR", ""), text("HTTP_X_FORWARDED_FOR", "")
            ),
        )

    def _answer(self, request: AcceptRequest, environ: Environ, receipt: bytes) -> Answer:
        if request.method == "OPTIONS":
            for public_key in well_formed_keys(request):
                key_cache.find(public_key)
            return preflight(request)
        check_address(request)
        content_length = environ.get("CONTENT_LENGTH", "")
        with self._intake.receiving(content_length) as body:
            announced = announced_bytes(content_length)
            chunks = _chunks(environ, announced)
            body.add(next(chunks, b""))
            if not body.has(announced):
                self._check_keys(request, body)
                for chunk in chunks:
                    body.add(chunk)
            request.body = body.joined()
            return accepted(request, *self._take(request, receipt))

    def _check_keys(self, request: AcceptRequest, body: Body) -> None:
        """Before a long body is read: only who has a key may fill the room for bodies."""
        if not check_keys(request, key_cache.find):
            body.move_to(self._intake.keyless)

    def _take(self, request: AcceptRequest, receipt: bytes) -> tuple[Passed, int]:
        """Admit the request and append its message; a large one when few others are opened.

        Returns what passed, and the row id that the inbox gave it.
        """
        if len(request.body) <= SMALL_BODY_BYTES:
            try:
                return self._take_small(request, receipt)
            except IngestError as error:
                if error.status != 413:
                    raise
        with self._large_turn():
            return _take_within(self._intake.bounds, key_cache.find, request, receipt)

    def _take_small(self, request: AcceptRequest, receipt: bytes) -> tuple[Passed, int]:
        """Whose key is not remembered waits for the database, and keeps nobody's turn meanwhile."""
        while True:
            try:
                with self._turns:
                    return _take_within(self._intake.small, key_cache.peek, request, receipt)
            except KeyNotCached as missing:
                public_key = missing.public_key
            key_cache.find(public_key)

    @contextmanager
    def _large_turn(self) -> Iterator[None]:
        """Raises IngestError 503 when too many are before."""
        if not self._large_turns.acquire(timeout=LARGE_TIMEOUT_S):
            detail = "The site is opening too much at once."
            raise IngestError(503, detail, retry_after_s=RETRY_AFTER_S)
        try:
            yield
        finally:
            self._large_turns.release()


def _take_within(
    bounds: Bounds, find_key: FindKey, request: AcceptRequest, receipt: bytes
) -> tuple[Passed, int]:
    """Admit and append. Raises IngestError, InboxFull, InboxUnavailable, whatever find_key does."""
    admitted = admit(
        request,
        find_key,
        bounds=bounds,
        received_ms=time.time_ns() // 1_000_000,
        receipt=receipt,
    )
    passed = pass_limits(admitted)
    return passed, append_and_wait(passed.message)


def _chunks(environ: Environ, announced: int) -> Iterator[bytes]:
    """The body, piece by piece. Raises IngestError 400 where it ends too early."""
    source = environ["wsgi.input"]
    if announced < 0 and not environ.get("wsgi.input_terminated"):
        # The server marks no end: a read would wait for ever.
        return
    missing = announced if announced >= 0 else sys.maxsize
    try:
        while missing and (chunk := source.read(min(missing, READ_BYTES))):
            yield chunk
            missing -= len(chunk)
    except OSError as error:
        raise IngestError(400, "The body ended too early.") from error
    if announced >= 0 and missing:
        raise IngestError(400, "The body ended too early.")


def _discard_rest(environ: Environ) -> None:
    """Read what still comes: a proxy that cannot send all tells of a fault, not of our answer."""
    if environ.get("wsgi.input_terminated"):
        left = DISCARD_BYTES
        with suppress(OSError):
            while left > 0 and (chunk := environ["wsgi.input"].read(READ_BYTES)):
                left -= len(chunk)


def _send(start_response: StartResponse, answer: Answer, request_id: str) -> Iterable[bytes]:
    headers = [(name.decode(), value.decode("latin-1")) for name, value in answer.headers]
    headers += [("content-length", str(len(answer.body))), ("x-request-id", request_id)]
    start_response(_REASONS[answer.status], headers)
    return [answer.body]
