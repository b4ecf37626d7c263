"""The figures of the production way as one Markdown table."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.processor import PARSING, REFERENCE_US, SCALED

Run = Mapping[str, Any]
# What the issue asks for, on two cores.
AIM_DRAINED = "1,500"
AIM_CPU = "1.0"
AIM_P99 = "p99 25"


def production_table(runs: Sequence[Run]) -> str:
    """Medians over the runs, as benchmarks.production_run.ProductionRun in JSON."""

    def middle(figure: Callable[[Run], float]) -> float:
        return median(map(figure, runs))

    rows = [
        *(_load_row(runs, index) for index in range(len(runs[0]["loads"]))),
        ("drained/s", f"{middle(lambda run: run['drained_per_s']):,.0f}", AIM_DRAINED),
        ("CPU seconds per 1,000 events", f"{middle(cpu_total):.2f}", AIM_CPU),
        *_group_rows(runs),
        (PARSING, f"{middle(lambda run: run['parsing_us']):.0f}", ""),
        (SCALED, f"{middle(scaled_cpu):.2f}", AIM_CPU),
        _open_row(runs),
        _speed_row("accepted/s while the digest is stopped", runs, "stopped_load"),
        ("drained/s of that backlog", f"{middle(lambda run: run['backlog_per_s']):,.0f}", ""),
        ("memory of all processes (MB)", f"{middle(_memory):,.0f}", ""),
        ("database per event (bytes)", f"{middle(lambda run: run['bytes_per_event']):,.0f}", ""),
        _speed_row("a bare view that appends to Redis: accepted/s", runs, "redis_view"),
        (
            "its CPU seconds per 1,000, Redis included",
            f"{middle(lambda run: run['redis_view_cpu_s_per_1000']):.2f}",
            "",
        ),
        ("COPY of the same rows by psql: events/s", f"{middle(_copy('events_per_s')):,.0f}", ""),
        ("its CPU seconds per 1,000", f"{middle(_copy('cpu_s_per_1000')):.2f}", ""),
    ]
    lines = ["| figure | production | aim |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def cpu_total(measured: Mapping[str, Any]) -> float:
    """CPU seconds per 1,000 events of all services together."""
    return float(sum(measured["cpu_s_per_1000"].values()))


def scaled_cpu(run: Run) -> float:
    """CPU seconds per 1,000 events as the processor would need them that the aims are for."""
    return cpu_total(run) * REFERENCE_US / float(run["parsing_us"])


def _memory(run: Run) -> float:
    return float(sum(run["memory_mb"].values()))


def _copy(name: str) -> Callable[[Run], float]:
    return lambda run: float(run["copy"][name])


def _load_row(runs: Sequence[Run], index: int) -> tuple[str, str, str]:
    loads = [run["loads"][index] for run in runs]
    name = f"accepted/s with {loads[0]['connections']} connections (p50, p99 ms)"
    return name, _speed(loads), ""


def _speed_row(name: str, runs: Sequence[Run], key: str) -> tuple[str, str, str]:
    return f"{name} (p50, p99 ms)", _speed([run[key] for run in runs]), ""


def _open_row(runs: Sequence[Run]) -> tuple[str, str, str]:
    rate = median(run["open_loop"]["at_rate"] for run in runs)
    name = f"accept at 60 % of drained/s, open loop at {rate:,.0f}/s (p50, p99 ms)"
    return name, _speed([run["open_loop"] for run in runs]), AIM_P99


def _group_rows(runs: Sequence[Run]) -> list[tuple[str, str, str]]:
    return [
        (
            f"of them {name}",
            f"{median(run['cpu_s_per_1000'][name] for run in runs):.2f}",
            "",
        )
        for name in runs[0]["cpu_s_per_1000"]
    ]


def _speed(loads: Sequence[Mapping[str, float]]) -> str:
    rate, p50, p99 = (
        median(load[name] for load in loads) for name in ("accepted_per_s", "p50_ms", "p99_ms")
    )
    return f"{rate:,.0f} ({p50:.1f}, {p99:.1f})"
