"""The site as production runs it: PostgreSQL and Redis of its own, and deploy/run.py."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from tests.server import (
    ADMIN_EMAIL,
    ADMIN_PASSWORD,
    KEEP_ALL,
    ROOT,
    Site,
    child_environment,
    free_port,
    wait_until,
)
from tests.servers import OwnPostgres, OwnRedis, own_postgres, own_redis

START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 90


@dataclass(frozen=True, slots=True)
class Stack(Site):
    """A running site; `process` is the runner, the rest is found through it."""

    postgres: OwnPostgres
    redis: OwnRedis

    def pid(self, service: str) -> int:
        """The service's main process now; waits while it is being started again."""
        path = self.data_dir / "run" / f"{service}.pid"
        return wait_until(lambda: _read_pid(path), f"{service} to run", timeout_s=30, pause_s=0.02)

    def kill_service(self, service: str) -> int:
        """kill -9 of a service's main process; gives the id that it had."""
        pid = self.pid(service)
        os.kill(pid, signal.SIGKILL)
        return pid

    @contextmanager
    def paused(self, service: str) -> Iterator[None]:
        """All processes of a service stand still meanwhile."""
        main = psutil.Process(self.pid(service))
        processes = [main, *main.children(recursive=True)]
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()

    def stop(self) -> int:
        """One SIGTERM to the runner; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def log(self) -> str:
        """What all processes have printed."""
        return self.log_path.read_text(errors="replace")


@contextmanager
def start_stack(
    settings: Mapping[str, str] | None = None, services: Sequence[str] = ()
) -> Iterator[Stack]:
    """A site on servers of its own, from empty; stopped at the end unless the test did.

    settings: variables of the environment. services: those of docker-compose.yml to run, else all.
    Raises: Missing, RuntimeError with the end of the output when the site does not come up.
    """
    with (
        tempfile.TemporaryDirectory(prefix="catchall-stack-") as folder,
        own_postgres() as postgres,
        own_redis() as redis,
    ):
        stack = launch(Path(folder) / "data", postgres, redis, settings=settings, services=services)
        try:
            yield stack
        finally:
            if stack.process.poll() is None:
                stack.stop()


def launch(
    data_dir: Path,
    postgres: OwnPostgres,
    redis: OwnRedis,
    *,
    settings: Mapping[str, str] | None = None,
    services: Sequence[str] = (),
    wait: bool = True,
) -> Stack:
    """Start the runner on these servers and wait until the site answers."""
    port = free_port()
    environment = child_environment(
        **{
            "DATABASE_URL": postgres.url(),
            "REDIS_URL": redis.url(),
            "DATA_DIR": str(data_dir),
            "PORT": str(port),
            "ADMIN_EMAIL": ADMIN_EMAIL,
            "ADMIN_PASSWORD": ADMIN_PASSWORD,
            "SITE_URL": f"http://127.0.0.1:{port}",
            **KEEP_ALL,
            **(settings or {}),
        }
    )
    log_path = data_dir.with_name(f"{data_dir.name}.log")
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.run", *services],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    stack = Stack(
        f"http://127.0.0.1:{environment['PORT']}",
        process,
        data_dir,
        environment,
        log_path,
        postgres,
        redis,
    )
    if wait:
        _wait_until_it_answers(stack)
    return stack


def _wait_until_it_answers(stack: Stack) -> None:
    try:
        wait_until(lambda: answers(stack), "the site to answer", timeout_s=START_TIMEOUT_S)
    except BaseException as error:
        stack.kill()
        raise RuntimeError(f"{error}\n{stack.log()[-4000:]}") from error


def answers(stack: Stack) -> bool:
    """Whether the pages and the accept side answer, through the proxy. Raises RuntimeError."""
    if stack.process.poll() is not None:
        raise RuntimeError(f"The runner ended with {stack.process.returncode} instead of serving.")
    try:
        pages = httpx.get(f"{stack.base_url}/health", timeout=10)
        accept = httpx.post(f"{stack.base_url}/api/1/envelope/", timeout=10)
    except httpx.TransportError:
        return False
    return pages.is_success and accept.status_code == 401


def _read_pid(path: Path) -> int:
    try:
        return int(path.read_text() or 0)
    except FileNotFoundError:
        return 0
