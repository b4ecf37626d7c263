"""How production's processes end, start again, and refuse to start."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.production import Stack, answers, launch, start_stack
from tests.server import ROOT, child_environment, free_port, wait_until
from tests.servers import own_postgres, own_redis
from tests.started.events import send_event

pytestmark = pytest.mark.production

SERVICES = ("proxy", "ingest", "web", "worker", "maintenance", "beat")


def family(stack: Stack) -> list[psutil.Process]:
    return list(psutil.Process(stack.process.pid).children(recursive=True))


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != "zombie"]


def run_refused(**settings: str) -> subprocess.CompletedProcess[str]:
    """Run production where it is expected to refuse, and return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "deploy.run"],
        cwd=ROOT,
        env=child_environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_one_signal_stops_everything() -> None:
    with start_stack() as stack:
        started = family(stack)
        assert len(started) > len(SERVICES)
        assert stack.stop() == 0
        assert alive(started) == []
        assert "Traceback" not in stack.log()
        assert "killed" not in stack.log()


def test_a_second_start_changes_nothing_and_ctrl_c_stops_it(tmp_path: Path) -> None:
    with own_postgres() as postgres, own_redis() as redis:
        for number in (signal.SIGTERM, signal.SIGINT):
            stack = launch(tmp_path / "data", postgres, redis)
            stack.process.send_signal(number)
            assert stack.process.wait(90) == 0
        said = stack.log()
        assert said.count("Made the first administrator") == 1
        assert said.count("Brought the database up to date.") == 1
        assert said.count("Gathered the static files.") == 1


def test_a_runner_that_is_killed_leaves_nothing_behind() -> None:
    with start_stack() as stack:
        started = family(stack)
        stack.kill()
        wait_until(lambda: not alive(started), "all processes to end", timeout_s=60)


@pytest.mark.parametrize("service", SERVICES)
def test_a_process_that_is_killed_is_started_again(service: str, killed: Stack) -> None:
    before = killed.pid(service)
    children = psutil.Process(before).children(recursive=True)
    assert killed.kill_service(service) == before
    wait_until(lambda: killed.pid(service) != before, f"another {service}", timeout_s=30)
    assert alive(children) == []
    wait_until(lambda: answers(killed), "the site to answer", timeout_s=60)


@pytest.fixture(scope="module")
def killed() -> Iterator[Stack]:
    """A stack whose processes are killed in turn."""
    with start_stack() as stack:
        yield stack


@pytest.mark.parametrize("missing", ["DATABASE_URL", "REDIS_URL"])
def test_a_missing_server_is_one_line(missing: str) -> None:
    given = {"DATABASE_URL": "postgres://h/n", "REDIS_URL": "redis://h"} | {missing: ""}
    refused = run_refused(**given)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Cannot start: {missing} must be set, like ")
    assert refused.stderr.count("\n") == 1


def test_a_port_in_use_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run_refused(DATABASE_URL="postgres://h/n", REDIS_URL="redis://h", PORT=str(port))
    assert refused.returncode == 1
    assert f"Port {port} of HOST 127.0.0.1 cannot be taken" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    refused = run_refused(
        DATABASE_URL="postgres://h/n",
        REDIS_URL="redis://h",
        DATA_DIR=str(tmp_path),
        PORT=str(free_port()),
        INGEST_THREADS="many",
    )
    assert refused.returncode == 1
    (line,) = refused.stdout.splitlines()
    assert line.endswith("Cannot start: INGEST_THREADS must be a whole number, not 'many'.")


def test_a_database_without_tables_is_one_line(tmp_path: Path) -> None:
    with own_postgres() as postgres:
        refused = subprocess.run(
            [sys.executable, "manage.py", "serve", "worker"],
            cwd=ROOT,
            env=child_environment(DATABASE_URL=postgres.url("catchall"), DATA_DIR=str(tmp_path)),
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert refused.returncode == 1
    assert "run manage.py migrate" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_command_without_its_database_ends_in_one_line(tmp_path: Path) -> None:
    port = free_port()
    refused = subprocess.run(
        [sys.executable, "manage.py", "status"],
        cwd=ROOT,
        env=child_environment(
            DATABASE_URL=f"postgres://127.0.0.1:{port}/n", DATA_DIR=str(tmp_path)
        ),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert refused.stderr.endswith(f"does not answer: Connection refused (127.0.0.1:{port})\n")


def test_a_start_before_its_servers_waits_for_them(tmp_path: Path) -> None:
    with own_postgres() as postgres, own_redis() as redis:
        postgres.stop()
        redis.stop()
        stack = launch(tmp_path / "data", postgres, redis, wait=False)
        try:
            wait_until(lambda: "trying again" in stack.log(), "a line about the database")
            postgres.start()
            wait_until(lambda: answers(stack), "the site to answer", timeout_s=60)
            redis.start()
            assert stack.stop() == 0
        finally:
            stack.kill()


def test_a_worker_comes_back_after_its_broker_was_gone() -> None:
    with start_stack({"LOG_LEVEL": "WARNING"}) as stack:
        dsn = stack.create_project("Broker")
        worker = stack.pid("worker")
        stack.redis.kill()
        wait_until(lambda: "Cannot connect" in stack.log(), "the worker to notice")
        stack.redis.start()
        assert send_event(dsn, "Anybody there?").status_code == 200
        events = "SELECT count(*) FROM errors_event"
        wait_until(lambda: stack.postgres.query(events) == [(1,)], "the event", timeout_s=90)
        assert stack.pid("worker") == worker
