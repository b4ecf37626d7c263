"""The load generator, a process of its own, over keep-alive connections.

    python -m benchmarks.load URL --auth HEADER --bodies FILE --first N --count N --connections N

Each connection sends back to back (a closed loop). With --rate N requests are due at even times,
N a second, and a latency counts from when its request was due: one stall shows in all that had
to wait for it (an open loop). Prints one line of JSON: what was answered, how fast, and the
processor time it took itself.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import uvloop

from benchmarks.bodies import read_bodies

# Until all connections are open.
START_AFTER_S = 0.2


class Connection(asyncio.Protocol):
    """Sends a body, waits until the answer is whole, and asks its run for the next one."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._answer = b""
        self._due_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._run.serve(self)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if not _is_whole(self._answer):
            return
        self._run.latencies.append(time.perf_counter() - self._due_at)
        self._run.statuses[int(self._answer[9:12])] += 1
        self._answer = b""
        self._run.serve(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.open_connections -= 1
        if not self._run.open_connections:
            self._run.done.set()

    def send(self, body: bytes, due_at: float) -> None:
        """Send one body, whose latency counts from `due_at`."""
        self._due_at = due_at
        self._transport.write(self._run.head % len(body) + body)

    def close(self) -> None:
        """Nothing more is to be sent."""
        self._transport.close()


class Run:
    """One load: what is still to be sent, and what came back. A closed loop."""

    def __init__(self, head: bytes, bodies: Iterator[bytes], connections: int) -> None:
        self.head = head
        self.bodies = bodies
        self.open_connections = connections
        self.done = asyncio.Event()
        self.latencies: list[float] = []
        self.statuses: Counter[int] = Counter()

    def serve(self, connection: Connection) -> None:
        """Give a free connection its next body."""
        body = next(self.bodies, None)
        if body is None:
            connection.close()
        else:
            connection.send(body, time.perf_counter())


class OpenRun(Run):
    """Bodies that are due at even times; who finds no free connection waits for one."""

    def __init__(
        self, head: bytes, bodies: Iterator[bytes], connections: int, every_s: float
    ) -> None:
        super().__init__(head, bodies, connections)
        self._every_s = every_s
        self._next_at = time.perf_counter() + START_AFTER_S

    def serve(self, connection: Connection) -> None:
        """Let the connection send the next body when it is due, at once when it is late."""
        body = next(self.bodies, None)
        if body is None:
            connection.close()
            return
        due_at, self._next_at = self._next_at, self._next_at + self._every_s
        wait_s = due_at - time.perf_counter()
        if wait_s > 0:
            asyncio.get_running_loop().call_later(wait_s, connection.send, body, due_at)
        else:
            connection.send(body, due_at)


def _is_whole(answer: bytes) -> bool:
    """Whether the answer's body has its Content-Length."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    _, _, rest = head.lower().partition(b"content-length:")
    return len(body) >= int(rest.split(b"\r\n", 1)[0])


async def _load(url: str, auth: str, bodies: list[bytes], connections: int, rate: float) -> Run:
    target = urlsplit(url)
    head = (
        f"POST {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nX-Sentry-Auth: {auth}\r\n"
        "Content-Type: application/x-sentry-envelope\r\nContent-Encoding: gzip\r\n"
        "User-Agent: sentry.python/2.75.0\r\nContent-Length: %d\r\n\r\n"
    ).encode()
    run = (
        OpenRun(head, iter(bodies), connections, 1 / rate)
        if rate
        else Run(head, iter(bodies), connections)
    )
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(
            lambda: Connection(run), target.hostname or "", target.port or 80
        )
    await run.done.wait()
    return run


def _report(run: Run, seconds: float, cpu_s: float) -> dict[str, object]:
    ordered = sorted(run.latencies)
    return {
        "statuses": dict(run.statuses),
        "seconds": seconds,
        "per_second": len(ordered) / seconds,
        "p50_ms": 1000 * ordered[len(ordered) // 2],
        "p99_ms": 1000 * ordered[len(ordered) * 99 // 100],
        "cpu_s": cpu_s,
    }


def main() -> None:
    """Send the bodies and print what came of it as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--auth", default="")
    parser.add_argument("--bodies", type=Path, required=True)
    for option in ("--first", "--count", "--connections"):
        parser.add_argument(option, type=int, required=True)
    parser.add_argument("--rate", type=float, default=0.0)
    options = parser.parse_args()
    bodies = read_bodies(options.bodies, first=options.first, count=options.count)
    started, cpu_started = time.perf_counter(), time.process_time()
    run = uvloop.run(_load(options.url, options.auth, bodies, options.connections, options.rate))
    seconds = time.perf_counter() - started
    json.dump(_report(run, seconds, time.process_time() - cpu_started), sys.stdout)


if __name__ == "__main__":
    main()
