"""A TCP proxy of a test's own: passes bytes on, each answer as late as the test wants."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.server import free_port

READ_BYTES = 256 * 1024
Delay = Callable[[], float]


class SlowProxy:
    """Listens on a port of its own and talks to another; `delay_s` may be changed at any time."""

    def __init__(self, upstream_port: int) -> None:
        self.port = free_port()
        self.delay_s = 0.0
        self._upstream_port = upstream_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._hang_up())
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _hang_up(self) -> None:
        self._server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_writer = None
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._upstream_port)
            await asyncio.gather(
                _pass_on(reader, far_writer, lambda: 0.0),
                _pass_on(far_reader, writer, lambda: self.delay_s),
            )
        except (OSError, asyncio.CancelledError):
            # Either side has gone, or the proxy ends.
            pass
        finally:
            for one in filter(None, (writer, far_writer)):
                one.transport.abort()


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: Delay
) -> None:
    with suppress(OSError):
        while data := await reader.read(READ_BYTES):
            if delay():
                await asyncio.sleep(delay())
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        writer.close()


@contextmanager
def slow_proxy(upstream_port: int) -> Iterator[SlowProxy]:
    """A running proxy to that port of this host."""
    proxy = SlowProxy(upstream_port)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
