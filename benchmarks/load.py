"""The load generator, a process of its own: keep-alive connections, each sending back to back.

    python -m benchmarks.load URL --auth HEADER --bodies FILE --first N --count N --connections N

Prints one line of JSON: what was answered, how fast, and the processor time it took itself.
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


class Connection(asyncio.Protocol):
    """Sends the next body as soon as the answer to the last one is whole."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._answer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._send_next()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if not _is_whole(self._answer):
            return
        self._run.latencies.append(time.perf_counter() - self._sent_at)
        self._run.statuses[int(self._answer[9:12])] += 1
        self._answer = b""
        self._send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.open_connections -= 1
        if not self._run.open_connections:
            self._run.done.set()

    def _send_next(self) -> None:
        body = next(self._run.bodies, None)
        if body is None:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(self._run.head % len(body) + body)


class Run:
    """One load: what is still to be sent, and what came back."""

    def __init__(self, head: bytes, bodies: Iterator[bytes], connections: int) -> None:
        self.head = head
        self.bodies = bodies
        self.open_connections = connections
        self.done = asyncio.Event()
        self.latencies: list[float] = []
        self.statuses: Counter[int] = Counter()


def _is_whole(answer: bytes) -> bool:
    """Whether the answer's body has its Content-Length."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    _, _, rest = head.lower().partition(b"content-length:")
    return len(body) >= int(rest.split(b"\r\n", 1)[0])


async def _load(url: str, auth: str, bodies: list[bytes], connections: int) -> Run:
    target = urlsplit(url)
    head = (
        f"POST {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nX-Sentry-Auth: {auth}\r\n"
        "Content-Type: application/x-sentry-envelope\r\nContent-Encoding: gzip\r\n"
        "User-Agent: sentry.python/2.75.0\r\nContent-Length: %d\r\n\r\n"
    ).encode()
    run = Run(head, iter(bodies), connections)
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
    options = parser.parse_args()
    bodies = read_bodies(options.bodies, first=options.first, count=options.count)
    started, cpu_started = time.perf_counter(), time.process_time()
    run = uvloop.run(_load(options.url, options.auth, bodies, options.connections))
    seconds = time.perf_counter() - started
    json.dump(_report(run, seconds, time.process_time() - cpu_started), sys.stdout)


if __name__ == "__main__":
    main()
