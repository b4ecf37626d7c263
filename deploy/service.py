"""One process of a service: started, watched, started again, stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from selectors import EVENT_READ, BaseSelector

from deploy.compose import Service

ROOT = Path(__file__).resolve().parent.parent
# Seconds until a process that ended is started again; who ran this long begins at the first.
PAUSES_S = (0.2, 1, 2, 5, 10)
HEALTHY_S = 30
READ_BYTES = 64 * 1024
PR_SET_PDEATHSIG = 1

Say = Callable[[str, bytes], None]


class RunningService:
    """A service's process and its output; each call returns at once."""

    def __init__(
        self, service: Service, environment: Mapping[str, str], selector: BaseSelector, say: Say
    ) -> None:
        self.name = service.name
        self.grace_s = service.grace_s
        self._command = [_program(service.command[0]), *service.command[1:]]
        self._environment = {**environment, **service.environment}
        self._selector = selector
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._unfinished = b""
        self._failures = 0
        self._started_at = self._start_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process, in a group of its own that can be ended as a whole."""
        process = subprocess.Popen(  # noqa: S603 (commands of our own file)
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        assert process.stdout
        os.set_blocking(process.stdout.fileno(), False)
        self._selector.register(process.stdout, EVENT_READ, self)
        self._process, self._started_at = process, time.monotonic()

    def exit_code(self) -> int | None:
        """How the process ended, None while it runs; what it left running is ended, too."""
        if not self._process:
            return 0
        code = self._process.poll()
        if code is not None:
            self._end_group()
            self._process = None
        return code

    def restart_when_due(self) -> None:
        """Start the process again if it has ended, after a pause that grows with each failure."""
        if self._process:
            code = self.exit_code()
            if code is not None:
                self._plan_restart(code)
        elif time.monotonic() >= self._start_at:
            self.start()

    def terminate(self) -> None:
        """Ask the process to finish what it has in hand."""
        if self._process:
            self._process.terminate()

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        if self._process:
            self._end_group()
            self._process.wait()
            self._process = None

    def read_output(self) -> None:
        """Pass on the lines that have come."""
        while self._process and self._process.stdout and not self._process.stdout.closed:
            try:
                read = os.read(self._process.stdout.fileno(), READ_BYTES)
            except BlockingIOError:
                return
            *lines, self._unfinished = (self._unfinished + read).split(b"\n")
            for line in lines:
                self._say(self.name, line)
            if not read:
                self._close_output()

    def _plan_restart(self, code: int) -> None:
        if time.monotonic() - self._started_at > HEALTHY_S:
            self._failures = 0
        pause_s = PAUSES_S[min(self._failures, len(PAUSES_S) - 1)]
        self._failures += 1
        self._start_at = time.monotonic() + pause_s
        self._say(self.name, f"ended with {code}, starting again in {pause_s:g} s".encode())

    def _end_group(self) -> None:
        assert self._process
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self.read_output()
        self._close_output()

    def _close_output(self) -> None:
        if self._process and self._process.stdout and not self._process.stdout.closed:
            if self._unfinished:
                self._say(self.name, self._unfinished)
            self._unfinished = b""
            self._selector.unregister(self._process.stdout)
            self._process.stdout.close()


def _program(name: str) -> str:
    return sys.executable if name == "python" else name


def _die_with_parent() -> None:
    """Have the kernel stop this process when the runner is killed (Linux)."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
