"""Runs the small applications of the SDK tests, each as its users do: a process of its own."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.server import ROOT, child_environment, free_port, wait_until

PYTHON_APPS = Path(__file__).parent / "apps"
# Beside node_modules, where Node.js looks for packages.
NODE_APPS = ROOT / "tests" / "node" / "apps"
RUN_TIMEOUT_S = 60
STOP_TIMEOUT_S = 15


def run_app(*command: str | Path, settings: Mapping[str, str], folder: Path = PYTHON_APPS) -> str:
    """Run a program to its end, whatever its exit code; gives what it wrote as errors."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=child_environment(**settings),
        capture_output=True,
        text=True,
        timeout=RUN_TIMEOUT_S,
    )
    return done.stderr


@contextmanager
def keep_running(
    *command: str | Path, settings: Mapping[str, str], folder: Path = PYTHON_APPS
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs until the block ends, then is asked to stop."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=child_environment(**settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def serve_app(
    *command: str | Path, settings: Mapping[str, str], folder: Path = PYTHON_APPS
) -> Iterator[httpx.Client]:
    """A client for a web application; in the command "{port}" becomes the one it listens on.

    The application finds its port in PORT as well, and must answer GET / once it is up.
    """
    port = str(free_port())
    words = [str(word).replace("{port}", port) for word in command]
    with (
        keep_running(*words, settings={**settings, "PORT": port}, folder=folder) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=RUN_TIMEOUT_S) as client,
    ):
        wait_until(lambda: _is_up(process, client), f"{words} to answer", timeout_s=RUN_TIMEOUT_S)
        yield client


def _is_up(process: subprocess.Popen[bytes], client: httpx.Client) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"The application ended with {process.returncode}.")
    try:
        return client.get("/").is_success
    except httpx.TransportError:
        return False
