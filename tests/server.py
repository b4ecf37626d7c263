"""The site as its users start it: `manage.py up` in a process and a data folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx

ROOT = Path(__file__).resolve().parent.parent
ADMIN_EMAIL = "admin@example.com"
ADMIN_PASSWORD = "correct horse battery staple"
START_TIMEOUT_S = 90
STOP_TIMEOUT_S = 20
COMMAND_TIMEOUT_S = 120
# Tests that count what they sent must find all of it: by default an issue keeps a thousand.
KEEP_ALL = {"MAX_EVENTS_PER_ISSUE": "1000000"}
# What a child may inherit: the settings of the test run itself must not reach the site.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Site:
    """One running site; `log_path` holds what its process printed."""

    base_url: str
    process: subprocess.Popen[bytes]
    data_dir: Path
    environment: Mapping[str, str]
    log_path: Path

    def run_command(self, *arguments: str) -> str:
        """What a management command prints, run beside the server on the same data.

        Raises: RuntimeError with the command's own words when it fails.
        """
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_TIMEOUT_S,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stderr}")
        return done.stdout

    def create_project(self, name: str) -> str:
        """Make the project, or find it, and give its DSN."""
        return self.run_command("create_project", name, "--print-dsn").splitlines()[-1]

    def stop(self) -> int:
        """End the site as a service manager does, and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """End the site as a power cut does."""
        self.process.kill()
        self.process.wait()


def start_site(data_dir: Path, *, port: int = 0, settings: Mapping[str, str] | None = None) -> Site:
    """Start a site on this data folder and wait until it answers; port 0 takes a free one.

    Raises: RuntimeError with the end of the site's output when it does not come up.
    """
    port = port or free_port()
    defaults = {"ADMIN_EMAIL": ADMIN_EMAIL, "ADMIN_PASSWORD": ADMIN_PASSWORD, **KEEP_ALL}
    environment = child_environment(
        **{"DATA_DIR": str(data_dir), "PORT": str(port), **defaults, **(settings or {})}
    )
    log_path = data_dir.with_name(f"{data_dir.name}.log")
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    site = Site(f"http://127.0.0.1:{port}", process, data_dir, environment, log_path)
    try:
        wait_until(lambda: _answers(site), "the site to answer", timeout_s=START_TIMEOUT_S)
    except BaseException as error:
        site.kill()
        raise RuntimeError(f"{error}\n{_last_lines(log_path)}") from error
    return site


def wait_until(
    look: Callable[[], Found | None], what: str, *, timeout_s: float = 30, pause_s: float = 0.1
) -> Found:
    """Look again and again until something true is seen, and give it.

    Raises: TimeoutError naming `what` was awaited.
    """
    deadline = time.monotonic() + timeout_s
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {timeout_s:g} s in vain for {what}.")
        time.sleep(pause_s)
    return found


def child_environment(**values: str) -> dict[str, str]:
    """The environment of a child process: where programs are found, and these values."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ} | values


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(site: Site) -> bool:
    if site.process.poll() is not None:
        raise RuntimeError(f"The site ended with {site.process.returncode} instead of serving.")
    try:
        return httpx.get(f"{site.base_url}/health").is_success
    except httpx.TransportError:
        return False


def _last_lines(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-40:])
