"""PostgreSQL and Redis of a test's own, durable as in production, that it may stop and kill."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import redis

from tests.needs import Missing, postgres_binaries, unprivileged_user
from tests.server import free_port, wait_until

STEP_TIMEOUT_S = 60
# The one that own_postgres makes.
DATABASE = "catchall"


@dataclass(slots=True)
class OwnPostgres:
    """A PostgreSQL server on 127.0.0.1; its data stay while it is away."""

    folder: Path
    port: int = field(default_factory=free_port)
    database: str = DATABASE

    def url(self, database: str = "") -> str:
        """Its address, with the site's database unless another one is named."""
        database = database or self.database
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def make(self) -> None:
        """Make its data folder; once."""
        user = unprivileged_user()
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c max_connections=200"
        options += f" -c unix_socket_directories={self.folder}"
        self._run("pg_ctl", "-l", f"{self.folder}/log", "-o", options, "-w", "start")

    def stop(self) -> None:
        """End it as a restart does: connections are closed, everything is written."""
        if self.pid():
            self._run("pg_ctl", "-m", "fast", "-w", "stop")

    def kill(self) -> None:
        """End it as a power cut does: nothing more is written."""
        if self.pid():
            self._run("pg_ctl", "-m", "immediate", "-w", "stop")

    def pause(self) -> None:
        """Let it hang: connections are taken and nothing is answered."""
        self._send_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after a pause."""
        self._send_all(signal.SIGCONT)

    def query(self, sql: str, database: str = "") -> list[tuple[object, ...]]:
        """What a statement gives, on a connection of its own."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def pid(self) -> int:
        """Its main process; 0 while it is away."""
        try:
            return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        except FileNotFoundError:
            return 0

    def _send_all(self, number: signal.Signals) -> None:
        main = psutil.Process(self.pid())
        for process in [main, *main.children(recursive=True)]:
            process.send_signal(number)

    def _run(self, program: str, *arguments: str) -> None:
        user = unprivileged_user()
        done = subprocess.run(
            [str(postgres_binaries() / program), "-D", f"{self.folder}/data", *arguments],
            user=user.pw_uid,
            group=user.pw_gid,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=STEP_TIMEOUT_S,
        )
        if done.returncode:
            raise Missing(f"PostgreSQL's {program} failed: {done.stderr.strip()[-300:]}")


@dataclass(slots=True)
class OwnRedis:
    """A Redis server on 127.0.0.1 with everything on disk before it is answered."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def url(self, number: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{number}"

    def start(self) -> None:
        """Start it and wait until it answers and has read its file."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        options += ["--appendonly", "yes", "--appendfsync", "always"]
        options += ["--maxmemory-policy", "noeviction", "--logfile", str(self.folder / "log")]
        self.process = subprocess.Popen(
            [_redis_server(), *options, "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            env={**os.environ, **self.environment},
        )
        wait_until(self._answers, "Redis to answer", timeout_s=STEP_TIMEOUT_S)

    def stop(self) -> None:
        """End it as a restart does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Let it hang: connections are taken and nothing is answered."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after a pause."""
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def _end(self, number: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(number)
            self.process.wait(STEP_TIMEOUT_S)
            self.process = None

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A running server with an empty DATABASE. Raises Missing."""
    # Sockets have short paths: not below a test run's own deep folders.
    with tempfile.TemporaryDirectory(prefix="catchall-pg-", dir="/tmp") as folder:
        server = OwnPostgres(Path(folder))
        server.make()
        try:
            server.start()
            server.query(f"CREATE DATABASE {DATABASE}", database="postgres")
            yield server
        finally:
            server.kill()


@contextmanager
def own_redis(environment: Mapping[str, str] | None = None) -> Iterator[OwnRedis]:
    """A running, empty server, with these variables beside our own. Raises Missing."""
    with tempfile.TemporaryDirectory(prefix="catchall-redis-", dir="/tmp") as folder:
        server = OwnRedis(Path(folder), environment=environment or {})
        try:
            server.start()
            yield server
        finally:
            server.kill()


def _redis_server() -> str:
    found = shutil.which("redis-server")
    if not found:
        raise Missing("no Redis: install redis-server")
    return found
