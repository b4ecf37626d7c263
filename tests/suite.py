"""The whole test suite, with what it needs: `make test`.

What cannot run on this machine is skipped and said loudly at the end; with CI=true it fails.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass

from tests.needs import (
    Missing,
    caddy,
    chromium,
    node_packages,
    postgres,
    postgres_programs,
    redis,
)

Need = Callable[[], AbstractContextManager[dict[str, str]]]
# Their processes, servers and browsers stay out of the others' way.
SERVED = "not started and not production and not browser and not sdk and not faults and not growing"
APART = f"{SERVED} and not redis"
# A minute and a half; all other tests are done within five.
HOSTILE = "config/tests/hostile"


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the tests, in a process of their own, and what must be there for them."""

    name: str
    arguments: tuple[str, ...]
    needs: tuple[Need, ...] = ()


PARTS = (
    Part("everything in one process, on SQLite", ("-m", APART, f"--ignore={HOSTILE}")),
    Part("hostile input at every address", ("-m", APART, HOSTILE)),
    Part("the database's tests again, on PostgreSQL", ("-m", f"database and {APART}"), (postgres,)),
    Part("the inbox on Redis", ("-m", f"redis and {SERVED}"), (redis,)),
    Part("the client, alone", ("-c", "clients/python/pyproject.toml", "clients/python/tests")),
    Part("starting and stopping", ("-m", "started", "tests/started")),
    Part(
        "production: several processes behind a proxy",
        ("-m", "production", "tests/started"),
        (caddy, redis, postgres_programs),
    ),
    Part("faults", ("-m", "faults", "tests/faults"), (caddy, redis, postgres_programs)),
    Part("more than one host", ("-m", "growing", "tests/growing")),
    Part("Python SDKs", ("-m", "sdk and not node", "tests/sdk")),
    Part("JavaScript SDKs", ("-m", "sdk and node", "tests/sdk"), (node_packages, chromium)),
    Part("browser", ("-m", "browser", "tests/browser"), (node_packages, chromium)),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a part: passed, failed or SKIPPED, and why."""

    word: str
    why: str = ""


def main() -> int:
    """Run every part, say what became of each, and give the exit code."""
    is_strict = os.environ.get("CI", "").lower() in {"1", "true"}
    outcomes = {part.name: _run(part) for part in PARTS}
    print("\nThe suite, part by part:")
    for name, outcome in outcomes.items():
        print(f"  {outcome.word:8} {name}{': ' if outcome.why else ''}{outcome.why}")
    words = {outcome.word for outcome in outcomes.values()}
    return int("failed" in words or (is_strict and "SKIPPED" in words))


def _run(part: Part) -> Outcome:
    print(f"\n== {part.name}", flush=True)
    started = time.monotonic()
    with ExitStack() as stack:
        environment = dict(os.environ)
        try:
            for need in part.needs:
                environment |= stack.enter_context(need())
        except Missing as missing:
            print(f"SKIPPED: {missing}", flush=True)
            return Outcome("SKIPPED", str(missing))
        command = [sys.executable, "-m", "pytest", "-q", *part.arguments]
        done = subprocess.run(command, env=environment)
    took = f"{time.monotonic() - started:.0f} s"
    return Outcome("failed" if done.returncode else "passed", took)


if __name__ == "__main__":
    sys.exit(main())
