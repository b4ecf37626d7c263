"""Runs docker-compose.yml's own commands as processes on this host: `make run-production`.

    python -m deploy.run [SERVICE ...]

PostgreSQL and Redis are given by DATABASE_URL and REDIS_URL; everything answers on one PORT.
"""

import os
import selectors
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.compose import ComposeError, Service, read_services
from deploy.service import ROOT, RunningService

COMPOSE_FILE = ROOT / "docker-compose.yml"
FIRST = "prepare"
GIVEN = {"postgres", "redis"}
# Who takes new work stops first; then nothing comes that the others could not finish.
STOP_ORDER = (("proxy",), ("ingest",), ("web", "beat"), ("maintenance", "worker"))
LOOK_EVERY_S = 0.1
NEEDED = {
    "DATABASE_URL": "postgres://user:password@host/name",
    "REDIS_URL": "redis://host:6379/0",
}


class CannotStart(Exception):
    """Why nothing is started; one line for the person who tried."""


class Runner:
    """All services, from the first start until the last one has ended."""

    def __init__(self, services: Mapping[str, Service], environment: Mapping[str, str]) -> None:
        self._selector = selectors.DefaultSelector()
        self._width = max(map(len, services))
        self._run_dir = Path(environment["RUN_DIR"])
        self._address = environment["SITE_URL"]
        self._services = {
            name: RunningService(service, environment, self._selector, self._say)
            for name, service in services.items()
        }
        self._stops_asked = 0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)

    def run(self) -> int:
        """Prepare, serve until a signal, stop; the exit code."""
        prepare = self._services.pop(FIRST, None)
        if prepare and (code := self._run_to_end(prepare)):
            return code
        self._say("run", f"starting {', '.join(self._services)}".encode())
        if "proxy" in self._services:
            self._say("run", f"serving {self._address}; Ctrl-C stops all".encode())
        while not self._stops_asked:
            self._look()
            for service in self._services.values():
                service.restart_when_due()
            self._write_pids()
        return int(not self._stop())

    def _run_to_end(self, service: RunningService) -> int:
        service.start()
        while (code := service.exit_code()) is None:
            self._look()
            if self._stops_asked:
                service.kill()
                return 1
        return code

    def _stop(self) -> bool:
        """Stop the services in their order; whether each ended by itself."""
        self._say("run", b"stopping")
        ended = []
        for names in STOP_ORDER:
            together = [self._services[name] for name in names if name in self._services]
            for service in together:
                service.terminate()
            ended += [self._wait_for_end(service) for service in together]
        return all(ended)

    def _wait_for_end(self, service: RunningService) -> bool:
        asked = self._stops_asked
        deadline = time.monotonic() + service.grace_s
        while (code := service.exit_code()) is None:
            if time.monotonic() > deadline or self._stops_asked > asked:
                self._say(service.name, b"did not stop in time, killed")
                service.kill()
                return False
            self._look()
        if code:
            self._say(service.name, f"ended with {code}".encode())
        return not code

    def _look(self) -> None:
        for key, _ in self._selector.select(LOOK_EVERY_S):
            key.data.read_output()

    def _write_pids(self) -> None:
        """Where tests and people find each process."""
        for name, service in self._services.items():
            path = self._run_dir / f"{name}.pid"
            text = f"{service.pid or ''}"
            if not path.exists() or path.read_text() != text:
                path.write_text(text)

    def _ask_to_stop(self, *_: object) -> None:
        self._stops_asked += 1

    def _say(self, name: str, line: bytes) -> None:
        sys.stdout.buffer.write(b"%-*s | %s\n" % (self._width, name.encode(), line))
        sys.stdout.buffer.flush()


def host_environment(given: Mapping[str, str]) -> dict[str, str]:
    """What the compose file's variables are on one host, and what its processes inherit.

    Raises CannotStart, naming the variable.
    """
    for name, example in NEEDED.items():
        if not given.get(name):
            raise CannotStart(f"{name} must be set, like {example}.")
    port, host = given.get("PORT") or "8000", given.get("HOST") or "127.0.0.1"
    data_dir = Path(given.get("DATA_DIR") or ROOT / "data").expanduser().resolve()
    ingest_port = given.get("INGEST_PORT") or str(_free_port())
    web_port = given.get("WEB_PORT") or str(_free_port())
    return {
        **given,
        "DATA_DIR": str(data_dir),
        "RUN_DIR": str(data_dir / "run"),
        "SITE_URL": given.get("SITE_URL") or f"http://127.0.0.1:{port}",
        "INTERNAL_HOST": given.get("INTERNAL_HOST") or "127.0.0.1",
        "INGEST_PORT": ingest_port,
        "WEB_PORT": web_port,
        "INGEST_UPSTREAMS": given.get("INGEST_UPSTREAMS") or f"127.0.0.1:{ingest_port}",
        "WEB_UPSTREAMS": given.get("WEB_UPSTREAMS") or f"127.0.0.1:{web_port}",
        "TRUSTED_PROXIES": given.get("TRUSTED_PROXIES") or "127.0.0.1",
        "PROXY_ADDRESS": given.get("PROXY_ADDRESS") or f"http://:{port}",
        "PROXY_BIND": host,
        # Containers have these as files.
        "SECRET_KEY_FILE": given.get("SECRET_KEY_FILE", ""),
        "DATABASE_PASSWORD_FILE": given.get("DATABASE_PASSWORD_FILE", ""),
    }


def check_port(host: str, port: str) -> None:
    """Raise CannotStart when the proxy could not listen there."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT must be a whole number from 1 to 65535, not {port!r}.")
    try:
        socket.create_server((host, int(port))).close()
    except OSError as error:
        raise CannotStart(
            f"Port {port} of HOST {host} cannot be taken: {os.strerror(error.errno or 0)}."
            " Stop what listens there, or set PORT to another."
        ) from error


def choose(services: Mapping[str, Service], names: Iterable[str]) -> dict[str, Service]:
    """The services to run: those named, else all but the servers that are given."""
    wanted = set(names) or set(services) - GIVEN
    if unknown := wanted - (set(services) - GIVEN):
        raise CannotStart(f"No such service: {', '.join(sorted(unknown))}.")
    if "proxy" in wanted and not shutil.which("caddy"):
        raise CannotStart("Caddy is missing. On Debian and Ubuntu: apt-get install caddy")
    return {name: service for name, service in services.items() if name in wanted}


def main() -> int:
    """Run until told to stop; a start that cannot be is one line."""
    try:
        environment = host_environment(os.environ)
        services = choose(read_services(COMPOSE_FILE, environment), sys.argv[1:])
        if "proxy" in services:
            check_port(environment["PROXY_BIND"], os.environ.get("PORT") or "8000")
        Path(environment["RUN_DIR"]).mkdir(parents=True, exist_ok=True)
    except (CannotStart, ComposeError, OSError) as error:
        sys.stderr.write(f"Cannot start: {error}\n")
        return 1
    return Runner(services, environment).run()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
