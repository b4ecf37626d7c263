"""What a process and a folder take: processor time, memory, disk."""

import os
import threading
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
SAMPLE_EVERY_S = 0.5


def cpu_seconds(pid: int) -> float:
    """Processor time of the process and its children, in user and system mode."""
    return sum(cpu_seconds_of(each) for each in with_children(pid))


def cpu_seconds_of(pid: int, *, with_ended_children: bool = False) -> float:
    """Processor time of this process alone, or with that of children it has waited for."""
    # Fields 14 to 17 (utime, stime, cutime, cstime), counted behind the closing parenthesis.
    fields = _read_proc(pid, "stat").rpartition(")")[2].split()
    last = 15 if with_ended_children else 13
    return sum(map(int, fields[11:last])) / _TICKS_PER_S


def pss_mb(pid: int) -> float:
    """Proportional set size of the process and its children, in MB (10^6 bytes)."""
    return sum(_pss_of(each) for each in with_children(pid))


def _pss_of(pid: int) -> float:
    for line in _read_proc(pid, "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _read_proc(pid: int, name: str) -> str:
    """One of the kernel's files on a process; "" once it has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def with_children(pid: int) -> list[int]:
    """The process and all below it."""
    children = _read_proc(pid, f"task/{pid}/children").split()
    return [pid, *(each for child in children for each in with_children(int(child)))]


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below the folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class PeakMemory(threading.Thread):
    """Watches a process's memory while the `with` block runs; `peak_mb` afterwards."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._done = threading.Event()
        self.peak_mb = 0.0

    def run(self) -> None:
        while not self._done.wait(SAMPLE_EVERY_S):
            self.peak_mb = max(self.peak_mb, pss_mb(self._pid))

    def __enter__(self) -> "PeakMemory":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()
