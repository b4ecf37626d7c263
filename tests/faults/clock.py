"""A clock that a test sets: a small library between programs and the system's clock.

Debian's libfaketime cannot do it: without its monotonic clock going back too, which no real one
does, each sleep of Python fails.
"""

import shutil
import struct
import subprocess
from pathlib import Path

from tests.needs import Missing

SOURCE = Path(__file__).with_name("clock.c")


class Clock:
    """What is started with `environment` sees the system's time plus an offset. Raises Missing."""

    def __init__(self, folder: Path) -> None:
        self._offset = folder / "clock"
        self.set_back(0)
        self.environment = {
            "LD_PRELOAD": str(_compile(folder / "clock.so")),
            "TEST_CLOCK_FILE": str(self._offset),
        }

    def set_back(self, seconds: int) -> None:
        """Let it be so much earlier than the system's from now on."""
        with self._offset.open("r+b" if self._offset.exists() else "wb") as file:
            file.write(struct.pack("=q", -seconds))


def _compile(library: Path) -> Path:
    compiler = shutil.which("cc")
    if not compiler:
        raise Missing("no C compiler: install gcc")
    options = ["-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(library)]
    subprocess.run([compiler, *options, str(SOURCE)], check=True)
    return library
