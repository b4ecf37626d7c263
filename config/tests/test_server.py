"""What the web server bounds before any application sees a request."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from config import web_server as server
from config.web_server import MAX_HEAD_BYTES, BoundedProtocol

HEAD = b"POST / HTTP/1.1\r\nHost: testserver\r\nContent-Length: 5\r\n\r\n"
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer 200 once the body is whole."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"whole"})


@asynccontextmanager
async def connected() -> AsyncIterator[Connection]:
    config = uvicorn.Config(echo, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    listening = await asyncio.get_running_loop().create_server(
        lambda: BoundedProtocol(config, state, {}), "127.0.0.1", 0
    )
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        listening.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "REQUEST_TIMEOUT_S", 0.05)
    monkeypatch.setattr(server, "WATCH_EVERY_S", 0.02)


@pytest.mark.parametrize("sent", [b"", HEAD[:20], HEAD, HEAD + b"ab"])
async def test_a_request_that_does_not_come_is_given_up(impatient: None, sent: bytes) -> None:
    async with connected() as (reader, writer):
        writer.write(sent)

        assert await asyncio.wait_for(reader.read(), 10) == b""


async def test_a_connection_between_requests_is_left_alone(impatient: None) -> None:
    async with connected() as (reader, writer):
        for _ in range(2):
            writer.write(HEAD + b"abcde")
            assert b"200 OK" in await asyncio.wait_for(reader.readuntil(b"whole\r\n"), 10)
            await asyncio.sleep(0.2)


async def test_endless_headers_are_refused() -> None:
    async with connected() as (reader, writer):
        writer.write(HEAD[:17])
        await asyncio.sleep(0.05)
        # A byte too much, and no more: what is sent to a closed connection breaks the pipe.
        writer.write(b"X-More: " + b"x" * (MAX_HEAD_BYTES - 7))

        assert (await asyncio.wait_for(reader.read(), 10)).startswith(b"HTTP/1.1 400")
