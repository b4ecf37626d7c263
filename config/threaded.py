"""Django's pages under ASGI, each request wholly in one thread of a small pool.

Django's own ASGI handler makes a thread for each request and crosses between it and the event
loop at every synchronous middleware, and all of ours are. Here the loop reads the body, a thread
that stays (with its database connection) does the rest, and the loop sends the answer.
"""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, ParamSpec, TypeVar, cast

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted, RequestDataTooBig
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class ThreadedHandler(ASGIHandler):
    """Serve pages from this many threads; no body above DATA_UPLOAD_MAX_MEMORY_SIZE is read."""

    def __init__(self, threads: int) -> None:
        # Not the parent's: it loads the middleware in its asynchronous form.
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        try:
            body = await _read_body(receive, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        except RequestAborted:
            return
        response = await self._in_thread(self._respond, scope, body)
        try:
            await self.send_response(response, send)
        finally:
            if response.streaming:
                await self._in_thread(response.close)

    def _respond(self, scope: dict[str, Any], body: BytesIO) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response = refusal or self.get_response(cast(HttpRequest, request))
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not isinstance(response, StreamingHttpResponse):
            response.close()
        elif not response.is_async:
            response.streaming_content = self._stream(iter(response))
        return response

    async def _stream(self, parts: Iterator[bytes]) -> AsyncIterator[bytes]:
        while (part := await self._in_thread(next, parts, None)) is not None:
            yield part

    async def _in_thread(
        self,
        call: Callable[Parameters, Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run the call in one of the threads, with context variables of its own."""
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: context.run(call, *args, **kwargs))


class _TooLarge(BytesIO):
    """A body that was not read: who asks for it gets Django's answer to that."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise RequestDataTooBig("The request's body is above DATA_UPLOAD_MAX_MEMORY_SIZE.")


async def _read_body(receive: Receive, max_bytes: int) -> BytesIO:
    """The whole body, held in memory. Raises RequestAborted when the client has gone."""
    body = BytesIO()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestAborted
        body.write(message.get("body", b""))
        if body.tell() > max_bytes:
            return _TooLarge()
        if not message.get("more_body", False):
            body.seek(0)
            return body
