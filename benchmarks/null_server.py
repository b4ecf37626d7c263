"""A server that only answers: what the load generator can do at most.

python -m benchmarks.null_server PORT
"""

import asyncio
import sys
from typing import cast

import uvloop

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"


class Null(asyncio.Protocol):
    """Waits for a whole request, as its Content-Length says, and answers."""

    def __init__(self) -> None:
        self._missing = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if not self._missing:
            head, _, body = data.partition(b"\r\n\r\n")
            self._missing = int(head.rpartition(b":")[2]) - len(body)
        else:
            self._missing -= len(data)
        if not self._missing:
            self._transport.write(ANSWER)


async def serve(port: int) -> None:
    """Answer on this port until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Null, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
