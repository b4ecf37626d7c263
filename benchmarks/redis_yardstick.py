"""A bare view that appends to Redis: the least that any accept side in front of Redis does.

YARDSTICK_REDIS_URL=… python -m benchmarks.redis_yardstick PORT
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import redis
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from benchmarks.measure import cpu_seconds
from benchmarks.sending import Load, run_load
from tests.server import ROOT, free_port, wait_until
from tests.servers import OwnRedis

CONNECTIONS = 32
THREADS = 8
STREAM = "yardstick"
DATABASE = 9
# The server's own processes import this module too, and know only their environment.
URL = "YARDSTICK_REDIS_URL"
_client = redis.Redis.from_url(os.environ[URL]) if URL in os.environ else None


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Read the body, append it to a stream, answer."""
    assert _client
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    _client.xadd(STREAM, {"body": body})
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


def load_redis_view(server: OwnRedis, bodies: Path, count: int) -> tuple[Load, float]:
    """Load it with the site's bodies: the load, and CPU seconds per 1,000 with Redis' own."""
    assert server.process
    port, url = free_port(), server.url(DATABASE)
    command = [sys.executable, "-m", "benchmarks.redis_yardstick", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, URL: url})
    try:
        wait_until(lambda: _listens(port), "the bare view to listen")
        pids = (process.pid, server.process.pid)
        before = sum(map(cpu_seconds, pids))
        address = f"http://127.0.0.1:{port}/api/1/envelope/"
        load = run_load(address, bodies, first=0, count=count, connections=CONNECTIONS)
        spent = sum(map(cpu_seconds, pids)) - before
    finally:
        process.terminate()
        process.wait()
    with redis.Redis.from_url(url) as client:
        client.delete(STREAM)
    return load, 1000 * spent / count


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def _serve(port: int) -> None:
    Server(
        "benchmarks.redis_yardstick:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
