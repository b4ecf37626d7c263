"""Sending a file's bodies to a site, from a process of its own, and seeing them arrive."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.server import Site, wait_until

DRAIN_TIMEOUT_S = 600


@dataclass(frozen=True, slots=True)
class Load:
    """What the load generator reported; cpu_s is its own processor time.

    at_rate: requests/s at which they were due, 0 for connections that send back to back.
    """

    connections: int
    accepted_per_s: float
    p50_ms: float
    p99_ms: float
    cpu_s: float = 0.0
    at_rate: float = 0.0


def run_load(
    url: str,
    bodies: Path,
    *,
    first: int,
    count: int,
    connections: int,
    auth: str = "",
    rate: float = 0.0,
) -> Load:
    """Send some of the file's bodies; with a rate, each when it is due, whatever came before.

    Raises: RuntimeError when anything but 200 was answered.
    """
    command = [sys.executable, "-m", "benchmarks.load", url, "--auth", auth, "--bodies"]
    command += [str(bodies), "--first", str(first), "--count", str(count)]
    command += ["--connections", str(connections), "--rate", str(rate)]
    done = subprocess.run(command, check=True, capture_output=True)
    report: dict[str, Any] = json.loads(done.stdout)
    if report["statuses"] != {"200": count}:
        raise RuntimeError(f"{url} answered {report['statuses']} to {count} requests.")
    return Load(
        connections,
        report["per_second"],
        report["p50_ms"],
        report["p99_ms"],
        report["cpu_s"],
        rate,
    )


class Target:
    """A site's one project: where to send, and how many events have reached an issue."""

    def __init__(self, site: Site, bodies: Path, count_events: Callable[[], int]) -> None:
        dsn = urlsplit(site.create_project("Bench"))
        self._url = f"{site.base_url}/api/{dsn.path.rpartition('/')[2]}/envelope/"
        self._auth = f"Sentry sentry_key={dsn.username}, sentry_version=7"
        self._bodies = bodies
        self._count_events = count_events
        self._counted_before = count_events()
        self.sent = 0

    def send(self, count: int, *, connections: int, rate: float = 0.0) -> Load:
        """Send the file's next bodies over this many connections."""
        load = run_load(
            self._url,
            self._bodies,
            first=self.sent,
            count=count,
            connections=connections,
            auth=self._auth,
            rate=rate,
        )
        self.sent += count
        return load

    def wait_until_drained(self) -> None:
        """Wait until all that was sent is in its issues."""
        expected = self._counted_before + self.sent
        wait_until(
            lambda: self._count_events() == expected,
            f"{expected} events in their issues",
            timeout_s=DRAIN_TIMEOUT_S,
            pause_s=0.02,
        )
