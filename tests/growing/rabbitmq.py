"""A RabbitMQ of a test's own on 127.0.0.1, that it may stop and ask questions."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.needs import Missing, unprivileged_user
from tests.server import free_port, wait_until

# Beside Debian's scripts of the same names, which insist on a user and a folder of their own.
BINARIES = ("/usr/lib/rabbitmq/bin", "/opt/rabbitmq/sbin")
START_TIMEOUT_S = 90


@dataclass(slots=True)
class OwnRabbitMQ:
    """A server with the default user and virtual host; durable queues stay while it is away."""

    folder: Path
    binaries: Path
    port: int = field(default_factory=free_port)
    # Of Erlang's own: between nodes, and of the daemon that knows their ports.
    node_port: int = field(default_factory=free_port)
    names_port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        with (self.folder / "out").open("ab") as out:
            server = str(self.binaries / "rabbitmq-server")
            self.process = subprocess.Popen([server], stdout=out, stderr=out, **self._as_nobody())
        wait_until(self._is_up, "RabbitMQ to answer", timeout_s=START_TIMEOUT_S, pause_s=0.5)

    def stop(self) -> None:
        """End it as a restart does."""
        if self.process:
            self.process.terminate()
            self.process.wait(START_TIMEOUT_S)
            self.process = None

    def ask(self, *arguments: str) -> list[list[str]]:
        """What rabbitmqctl lists: rows of columns, without their names."""
        done = self._control("--no-table-headers", *arguments)
        done.check_returncode()
        return [line.split("\t") for line in done.stdout.splitlines()]

    def cut_connections(self) -> None:
        """Close all connections, from the server's side."""
        self._control("close_all_connections", "a test").check_returncode()

    def waiting(self, queue: str) -> int:
        """Messages of a queue that no worker has taken."""
        rows = dict(self.ask("list_queues", "name", "messages_ready"))
        return int(rows[queue])

    def end_names(self) -> None:
        """End Erlang's daemon of names, which a server starts and leaves behind."""
        for process in psutil.process_iter(["name"]):
            if process.info["name"] == "epmd" and self._is_ours(process):
                process.kill()

    def _is_ours(self, process: psutil.Process) -> bool:
        return any(one.laddr.port == self.names_port for one in process.net_connections())

    def _is_up(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            raise Missing(f"RabbitMQ ended: {(self.folder / 'out').read_text()[-500:]}")
        return self._control("await_startup", "--timeout", "5").returncode == 0

    def _control(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(self.binaries / "rabbitmqctl"), "-q", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=START_TIMEOUT_S, **self._as_nobody()
        )

    def _as_nobody(self) -> dict[str, Any]:
        user = unprivileged_user()
        place = {"cwd": self.folder, "env": self._environment()}
        return {"user": user.pw_uid, "group": user.pw_gid, **place}

    def _environment(self) -> dict[str, str]:
        folder = self.folder
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(self.names_port),
            "RABBITMQ_NODENAME": f"catchall-{self.port}@localhost",
            # Not the machine's own.
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
            "RABBITMQ_DIST_PORT": str(self.node_port),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        }


@contextmanager
def own_rabbitmq() -> Iterator[OwnRabbitMQ]:
    """A running, empty server. Raises Missing."""
    binaries = next((one for one in map(Path, BINARIES) if one.is_dir()), None)
    if not binaries or not shutil.which("erl"):
        raise Missing("no RabbitMQ: install rabbitmq-server")
    user = unprivileged_user()
    with tempfile.TemporaryDirectory(prefix="catchall-rabbitmq-", dir="/tmp") as name:
        os.chown(name, user.pw_uid, user.pw_gid)
        server = OwnRabbitMQ(Path(name), binaries)
        (server.folder / "plugins").write_text("[].")
        listen = f"listeners.tcp.default = 127.0.0.1:{server.port}\n"
        (server.folder / "rabbitmq.conf").write_text(listen)
        try:
            server.start()
            yield server
        finally:
            server.stop()
            server.end_names()
