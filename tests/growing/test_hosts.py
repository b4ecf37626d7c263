"""Two hosts: each with ingest and a worker, on an address and with a data folder of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.load import Load
from tests.production import Stack, start_stack
from tests.server import ROOT, free_port, wait_until

pytestmark = pytest.mark.growing

FIRST, SECOND = "127.0.0.2", "127.0.0.3"
KEY = "the same on every host"


@contextmanager
def second_host(
    stack: Stack, data_dir: Path, port: int, key: str = KEY
) -> Iterator["subprocess.Popen[bytes]"]:
    """Ingest and a worker that share nothing with the first host but PostgreSQL and Redis."""
    own = {
        "DATA_DIR": str(data_dir),
        "INTERNAL_HOST": SECOND,
        "INGEST_PORT": str(port),
        "SECRET_KEY": key,
    }
    with (data_dir.parent / "second.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.run", "ingest", "worker"],
            cwd=ROOT,
            env={**stack.environment, **own},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@contextmanager
def two_hosts(folder: Path) -> Iterator[Stack]:
    """The first host has the proxy, which knows both."""
    first, second = free_port(), free_port()
    settings = {
        "SECRET_KEY": KEY,
        "INTERNAL_HOST": FIRST,
        "INGEST_PORT": str(first),
        "INGEST_UPSTREAMS": f"{FIRST}:{first} {SECOND}:{second}",
        "WEB_UPSTREAMS": f"{FIRST}:{(web := free_port())}",
        "WEB_PORT": str(web),
    }
    with start_stack(settings) as stack, second_host(stack, folder / "second", second):
        wait_until(lambda: (folder / "second/run/ingest.pid").exists(), "the second host to start")
        yield stack


def stored(stack: Stack) -> list[str]:
    rows = stack.postgres.query("SELECT replace(event_id::text, '-', '') FROM errors_event")
    return [str(row[0]) for row in rows]


def count_of(stack: Stack) -> int:
    ((count,),) = stack.postgres.query("SELECT COALESCE(SUM(event_count), 0) FROM errors_issue")
    return int(str(count))


def pid_of(path: Path) -> int:
    return wait_until(lambda: int(path.read_text() or 0), "a process id")


def test_nothing_accepted_is_lost_when_a_host_dies(tmp_path: Path) -> None:
    with two_hosts(tmp_path) as stack:
        load = Load(stack.create_project("Hosts"))
        load.start()
        try:
            for number in (300, 600):
                load.wait_for(number)
                os.kill(pid_of(tmp_path / "second/run/ingest.pid"), signal.SIGKILL)
                os.kill(pid_of(tmp_path / "second/run/worker.pid"), signal.SIGKILL)
            load.wait_for(900)
        finally:
            load.stop()
        load.send_again()
        # The proxy's 502 may hide an event that the dead host had stored: more are fine, not fewer.
        sent = load.accepted | load.unknown
        wait_until(lambda: sent <= set(stored(stack)), "all events to be stored", timeout_s=90)
        wait_until(lambda: count_of(stack) == len(stored(stack)), "the counts to agree")
        assert len(stored(stack)) == len(set(stored(stack)))
        assert not (tmp_path / "second" / "secret_key").exists()


def test_a_host_with_another_secret_key_says_so(tmp_path: Path) -> None:
    with (
        start_stack({"SECRET_KEY": KEY}, ("prepare", "web", "ingest", "proxy")) as stack,
        second_host(stack, tmp_path / "second", free_port(), key="another"),
    ):
        log = tmp_path / "second.log"
        wait_until(lambda: "serve.other_secret_key" in log.read_text(), "a line about the key")
