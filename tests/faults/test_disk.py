"""A full disk under the one process: it refuses, and takes everything again once there is room."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.findings import fault
from tests.faults.load import Load
from tests.needs import leave_out
from tests.server import start_site, wait_until

pytestmark = pytest.mark.faults

DISK = "64m"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own in memory, mounted there."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "catchall-faults", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        leave_out("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(ballast: Path) -> None:
    """Take all room that is left on the ballast's disk."""
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(bytes(64 * 1024)):
            pass


def test_a_full_disk_refuses_and_recovers(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        # Not stopped in time by the guard: the disk itself shall be met.
        site = start_site(disk / "data", settings={"MIN_FREE_DISK_PERCENT": "0"})
        load = Load(site.create_project("Disk"), padding=20_000, pause_s=0.02)

        def is_refused() -> bool:
            # What the site gives back while it works is taken, too.
            fill(disk / "ballast")
            return load.statuses[503] > 100

        try:
            with fault(site, load, f"a full disk of {DISK}B, then room again"):
                load.start()
                load.wait_for(100)
                wait_until(is_refused, "refusals", timeout_s=120)
                (disk / "ballast").unlink()
                load.wait_for(100)
            assert set(load.statuses) == {503}
            assert site.stop() == 0
        finally:
            site.kill()
