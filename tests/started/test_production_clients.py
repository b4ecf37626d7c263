"""Clients that behave oddly, or mean harm, through the proxy of a running site."""

import gzip
import json
import socket
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import SplitResult, urlsplit

import psutil
import pytest

from tests.production import Stack, start_stack
from tests.server import free_port, wait_until
from tests.started.events import send_event

pytestmark = pytest.mark.production

MEBIBYTE = 1024 * 1024
# Many times INGEST_THREADS.
SLOW_CLIENTS = 200


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """One running stack for this file, as if with two hosts; each test has its own project."""
    port = free_port()
    hosts = f"127.0.0.1:{port} localhost:{port}"
    settings = {"INGEST_PORT": str(port), "INGEST_UPSTREAMS": hosts, "PROXY_HOSTS": "several"}
    with start_stack(settings) as running:
        yield running
        assert "Traceback" not in running.log()


def head_of(dsn: SplitResult, length: int, more: str = "") -> bytes:
    """The beginning of a request that sends an envelope of so many bytes."""
    lines = [
        f"POST /api{dsn.path}/envelope/ HTTP/1.1",
        f"Host: {dsn.hostname}:{dsn.port}",
        f"X-Sentry-Auth: Sentry sentry_key={dsn.username}",
        f"Content-Length: {length}",
    ]
    return ("\r\n".join(lines) + f"\r\n{more}\r\n").encode()


def say_and_listen(dsn: SplitResult, request: bytes) -> bytes:
    """Say all that there is to say, as `nc -N` does, and give the answer."""
    with socket.create_connection((dsn.hostname, dsn.port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_a_client_with_no_more_to_say_hears_the_truth(stack: Stack) -> None:
    dsn = urlsplit(stack.create_project("Half closed"))
    sent = [uuid.uuid4().hex for _ in range(30)]
    for event_id in sent:
        lines = [{"event_id": event_id}, {"type": "event"}, {"message": "Bye."}]
        body = "\n".join(map(json.dumps, lines)).encode()
        answer = say_and_listen(dsn, head_of(dsn, len(body)) + body)
        assert answer.startswith(b"HTTP/1.1 200")
        assert event_id.encode() in answer
    cut_off = say_and_listen(dsn, head_of(dsn, len(body) + 10) + body)
    assert not cut_off.startswith(b"HTTP/1.1 200")


def test_nonsense_from_one_client_takes_no_host_from_others(stack: Stack) -> None:
    dsn = stack.create_project("Nonsense")
    parts = urlsplit(dsn)
    lines = [f"POST /api{parts.path}/envelope/ HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"]
    nonsense = "\r\n".join([*lines, "", "no number\r\n"]).encode()
    for _ in range(4):
        assert b" 502 " in say_and_listen(parts, nonsense)
        assert send_event(dsn, "Sense.").status_code == 200


def test_slow_senders_keep_nobody_waiting(stack: Stack) -> None:
    dsn = stack.create_project("Slow")
    parts = urlsplit(dsn)
    with ExitStack() as connections:
        for _ in range(SLOW_CLIENTS):
            slow = socket.create_connection((parts.hostname, parts.port), timeout=30)
            connections.enter_context(slow)
            slow.sendall(head_of(parts, 100_000) + b"{}\n")
        wait_until(lambda: threads_of(stack, "ingest") > SLOW_CLIENTS, "all of them to be heard")
        for _ in range(5):
            assert send_event(dsn, "In a hurry.").status_code == 200


def test_small_bodies_that_open_large_do_not_take_all_memory(stack: Stack) -> None:
    dsn = urlsplit(stack.create_project("Bombs"))
    item = b'{}\n{"type":"attachment"}\n' + b"0" * (19 * MEBIBYTE)
    body = gzip.compress(item)
    with ExitStack() as connections:
        senders = []
        for _ in range(40):
            sender = socket.create_connection((dsn.hostname, dsn.port), timeout=60)
            senders.append(connections.enter_context(sender))
            sender.sendall(head_of(dsn, len(body), "Content-Encoding: gzip\r\n") + body)
        answers = {sender.recv(65_536)[:12] for sender in senders}
    assert answers <= {b"HTTP/1.1 200", b"HTTP/1.1 503"}
    assert memory_of(stack, "ingest") < 600 * MEBIBYTE


def threads_of(stack: Stack, service: str) -> int:
    """Of all its processes."""
    return sum(process.num_threads() for process in processes_of(stack, service))


def memory_of(stack: Stack, service: str) -> int:
    """Resident bytes of all its processes."""
    return sum(process.memory_info().rss for process in processes_of(stack, service))


def processes_of(stack: Stack, service: str) -> list[psutil.Process]:
    main = psutil.Process(stack.pid(service))
    return [main, *main.children(recursive=True)]
