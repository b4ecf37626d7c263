"""Pages under ASGI: whole answers, streams, bounds, clients that leave."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from pytest_django import Settings

from config.threaded import ThreadedHandler


@pytest.fixture(autouse=True)
def only_these_views(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["config.middleware.RequestIdMiddleware"]


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body + threading.current_thread().name.encode())


def count_up(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(str(number).encode() for number in range(3))


def send_file(request: HttpRequest) -> FileResponse:
    return FileResponse(BytesIO(b"x" * 200_000))


urlpatterns = [path("echo", echo), path("count", count_up), path("file", send_file)]


async def ask(target: str, messages: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Send one request to a handler of its own and return what it sent."""
    waiting: Iterator[Mapping[str, Any]] = iter(messages)
    sent: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return next(waiting)

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": target,
        "query_string": b"",
        "headers": [(b"host", b"testserver")],
    }
    await ThreadedHandler(threads=2)(scope, receive, send)
    return sent


def content_of(sent: list[Mapping[str, Any]]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent)


def body(content: bytes, *, more: bool = False) -> Mapping[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


async def test_a_view_gets_the_whole_body_and_runs_in_a_page_thread() -> None:
    sent = await ask("/echo", [body(b"one ", more=True), body(b"two ")])
    assert sent[0]["status"] == 200
    assert content_of(sent).startswith(b"one two page")
    assert b"X-Request-ID" in dict(sent[0]["headers"])


async def test_a_stream_arrives_part_by_part_and_ends() -> None:
    sent = await ask("/count", [body(b"")])
    assert [message.get("body") for message in sent[1:]] == [b"0", b"1", b"2", None]


async def test_a_file_arrives_in_large_pieces() -> None:
    sent = await ask("/file", [body(b"")])
    assert content_of(sent) == b"x" * 200_000
    assert len(sent) < 8


async def test_a_body_above_the_bound_is_not_read_on(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    sent = await ask("/echo", [body(b"x" * 600, more=True), body(b"x" * 600, more=True)])
    assert sent[0]["status"] == 400


async def test_nothing_is_sent_to_a_client_that_left() -> None:
    assert await ask("/echo", [body(b"x", more=True), {"type": "http.disconnect"}]) == []
