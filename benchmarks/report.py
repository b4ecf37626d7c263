"""The benchmark's figures as one Markdown table."""

import os
import platform
from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.processor import PARSING, REFERENCE_US, SCALED
from benchmarks.sending import Load
from benchmarks.site_run import SiteRun


def report(
    runs: Sequence[SiteRun], *, null: Sequence[Load], django: Sequence[Load], events: int
) -> str:
    """Medians over the runs, beside the aims, the yardstick and the load generator's own limit."""

    def middle(figure: Callable[[SiteRun], float]) -> float:
        return median(map(figure, runs))

    rows = [
        *_load_rows(runs, django),
        ("drained/s", f"{middle(lambda run: run.drained_per_s):.0f}", "1,200", ""),
        (
            "CPU seconds per 1,000 events",
            f"{middle(lambda run: run.cpu_s_per_1000):.2f}",
            "0.9",
            "",
        ),
        (PARSING, f"{middle(lambda run: run.parsing_us):.0f}", "", ""),
        (SCALED, f"{middle(_scaled_cpu):.2f}", "0.9", ""),
        ("memory, idle after the admin (MB)", f"{middle(lambda run: run.idle_mb):.0f}", "150", ""),
        ("memory, peak under load (MB)", f"{middle(lambda run: run.load_mb):.0f}", "", ""),
        ("memory, settled again (MB)", f"{middle(lambda run: run.settled_mb):.0f}", "", ""),
        (
            "disk per event, whole folder (bytes)",
            f"{middle(lambda run: run.folder_bytes_per_event):.0f}",
            "1,536",
            "",
        ),
        (
            "disk per event, growth (bytes)",
            f"{middle(lambda run: run.bytes_per_event):.0f}",
            "",
            "",
        ),
    ]
    lines = ["| figure | site | aim | bare Django view |", "| --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    limit = max(load.accepted_per_s for load in null)
    lines += [
        "",
        f"{events:,} events of 40 KB in 100 issues, gzipped, medians of {len(runs)} runs; "
        f"{os.cpu_count()} cores, Python {platform.python_version()}. "
        f"The load generator's own limit: {limit:,.0f} requests/s.",
    ]
    return "\n".join(lines) + "\n"


def _scaled_cpu(run: SiteRun) -> float:
    return run.cpu_s_per_1000 * REFERENCE_US / run.parsing_us


def _load_rows(runs: Sequence[SiteRun], django: Sequence[Load]) -> list[tuple[str, str, str, str]]:
    return [
        (
            f"accepted/s with {load.connections} connections (p50, p99 ms)",
            _speed([run.loads[index] for run in runs]),
            "",
            _speed([load]),
        )
        for index, load in enumerate(django)
    ]


def _speed(loads: Sequence[Load]) -> str:
    per_second = median(load.accepted_per_s for load in loads)
    p50 = median(load.p50_ms for load in loads)
    p99 = median(load.p99_ms for load in loads)
    return f"{per_second:,.0f} ({p50:.1f}, {p99:.1f})"
