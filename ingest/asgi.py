"""The ASGI shell: what SDKs send, ahead of Django, which costs ten times as much."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.conf import settings

from ingest.accept import AcceptRequest, Admitted, admit, check_keys, well_formed_keys
from ingest.answers import Answer, accepted, preflight, refused
from ingest.client_address import TrustedProxies
from ingest.errors import IngestError
from ingest.inbox import get_inbox
from ingest.intake import LARGE_AT_ONCE, SMALL_BODY_BYTES, Body, Intake
from ingest.keys import KeyNotCached, key_cache
from ingest.limits import Passed, check_address_soon, pass_limits, pass_limits_soon
from ingest.refusals import note_refusal
from ingest.routes import Route, hot_route, request_id_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = dict[bytes, bytes]
T = TypeVar("T")

BODY_TIMEOUT_S = 120.0


class ClientGone(Exception):
    """The client closed the connection before its body was complete."""


class IngestShell:
    """Answer what SDKs send; everything else is the app's."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._intake = Intake()
        self._proxies = TrustedProxies(settings.TRUSTED_PROXIES)
        self._prefix = settings.FORCE_SCRIPT_NAME or ""
        self._threads = ThreadPoolExecutor(LARGE_AT_ONCE, thread_name_prefix="ingest")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = None
        if scope["type"] == "http":
            route = hot_route(scope["path"], self._prefix)
        if route is None:
            await self._app(scope, receive, send)
            return
        headers: Headers = dict(scope["headers"])
        request = self._request(scope, headers, route)
        receipt = os.urandom(16)
        request_id = request_id_of(headers.get(b"x-request-id", b"").decode("latin-1"), receipt)
        try:
            answer = await self._answer(request, headers, receive, receipt)
        except IngestError as error:
            note_refusal(request, error, request_id)
            answer = refused(request, error)
        except ClientGone:
            return
        await _send(send, answer, request_id)

    def _request(self, scope: Scope, headers: Headers, route: Route) -> AcceptRequest:
        def text(name: bytes) -> str:
            return headers[name].decode("latin-1") if name in headers else ""

        peer = scope.get("client")
        return AcceptRequest(
            method=scope["method"],
            endpoint=route.endpoint,
            project=route.project,
            name=route.name,
            path_key=route.path_key,
            query=scope["query_string"].decode("latin-1"),
            x_sentry_auth=text(b"x-sentry-auth"),
            authorization=text(b"authorization"),
            content_type=text(b"content-type"),
            content_encoding=text(b"content-encoding"),
            origin=text(b"origin"),
            user_agent=text(b"user-agent"),
            client_ip=self._proxies.client_of(peer[0] if peer else "", text(b"x-forwarded-for")),
        )

    async def _answer(
        self, request: AcceptRequest, headers: Headers, receive: Receive, receipt: bytes
    ) -> Answer:
        if request.method == "OPTIONS":
            for public_key in well_formed_keys(request):
                await key_cache.find_soon(public_key)
            return preflight(request)
        await check_address_soon(request)
        content_length = headers.get(b"content-length", b"").decode("latin-1")
        with self._intake.receiving(content_length) as body:
            if await _read_part(receive, body):
                await self._check_keys(request, body)
                await _read_rest(receive, body)
            request.body = body.joined()
            return accepted(request, *await self._take(request, receipt))

    async def _take(self, request: AcceptRequest, receipt: bytes) -> tuple[Passed, int]:
        """Admit the request and append its message, on the loop when both are quick.

        Returns what passed, and the row id that the inbox gave it.
        """
        if len(request.body) <= SMALL_BODY_BYTES:
            try:
                admitted = await self._admit_inline(request, receipt)
            except IngestError as error:
                if error.status != 413:
                    raise
            else:
                passed = await pass_limits_soon(admitted)
                return passed, await get_inbox().append_soon(passed.message)
        passed, appended = await self._in_thread(_take_in_thread, request, self._intake, receipt)
        return passed, await asyncio.wrap_future(appended)

    async def _check_keys(self, request: AcceptRequest, body: Body) -> None:
        """Before a long body is read: only who has a key may fill the room for bodies."""
        if not await self._with_keys(partial(check_keys, request)):
            body.move_to(self._intake.keyless)

    async def _admit_inline(self, request: AcceptRequest, receipt: bytes) -> Admitted:
        received_ms = time.time_ns() // 1_000_000
        return await self._with_keys(
            partial(
                admit,
                request,
                bounds=self._intake.small,
                received_ms=received_ms,
                receipt=receipt,
            )
        )

    async def _with_keys(self, call: Callable[..., T]) -> T:
        """The call's result; a key that is not in the cache is looked up in a thread."""
        while True:
            try:
                return call(find_key=key_cache.peek)
            except KeyNotCached as missing:
                public_key = missing.public_key
            await key_cache.find_soon(public_key)

    async def _in_thread(self, call: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *args)


def _take_in_thread(
    request: AcceptRequest, intake: Intake, receipt: bytes
) -> tuple[Passed, "Future[int]"]:
    """Admit a large request within the full bounds and append it; its body is written here."""
    admitted = admit(
        request,
        key_cache.find,
        bounds=intake.bounds,
        received_ms=time.time_ns() // 1_000_000,
        receipt=receipt,
    )
    passed = pass_limits(admitted)
    return passed, get_inbox().append(passed.message)


async def _read_rest(receive: Receive, body: Body) -> None:
    """Collect the parts after the first. Raises IngestError, ClientGone."""
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            while await _read_part(receive, body):
                pass
    except TimeoutError as error:
        raise IngestError(408, "The body did not arrive in time.") from error


async def _read_part(receive: Receive, body: Body) -> bool:
    """Collect one part; whether more follow."""
    part = await receive()
    if part["type"] == "http.disconnect":
        raise ClientGone
    body.add(part.get("body", b""))
    return bool(part.get("more_body", False))


async def _send(send: Send, answer: Answer, request_id: str) -> None:
    headers = [
        *answer.headers,
        (b"content-length", b"%d" % len(answer.body)),
        (b"x-request-id", request_id.encode()),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
