"""Writes docs/performance.md from what was measured; what was not measured is left out.

python -m benchmarks.page
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.chart import draw_curve
from benchmarks.keep import PREFIX
from benchmarks.production_report import cpu_total, production_table
from benchmarks.results import RESULTS, read_result

DOCS = Path(__file__).resolve().parent.parent / "docs"
CHART = "images/curve.svg"

INTRODUCTION = """# Performance

Every figure below was written here by `python -m benchmarks.page` from what the command named
beside it had measured, as medians. Machines differ, and so do hours on one machine: compare with
the yardsticks of the same run. The load generator runs on the same cores and is not counted.
"""


def main() -> None:
    """Write the page and its chart."""
    parts = [INTRODUCTION, _production(), _curve(), _embedded(), _texts()]
    (DOCS / "performance.md").write_text("\n".join(filter(None, parts)))


def _production() -> str:
    found = read_result("production")
    if not found:
        return ""
    events, runs = found["measured"]["events"], found["measured"]["runs"]
    return (
        "## Production: all services on one host\n\n"
        f"`python -m benchmarks --way production --events {events} --runs {len(runs)}`: the "
        "processes of docker-compose.yml behind Caddy, PostgreSQL and Redis with everything on "
        f"disk before it is answered, one live page open; {events:,} events of 40 KB in 100 "
        f"issues, gzipped. {_where(found)}\n\n{production_table(runs)}"
    )


def _curve() -> str:
    found = read_result("curve")
    if not found:
        return ""
    points: Sequence[Mapping[str, Any]] = found["measured"]
    (DOCS / CHART).write_text(draw_curve([(point["stored"], cpu_total(point)) for point in points]))
    rows = [
        f"| {point['stored']:,} | {point['drained_per_s']:,.0f} | {cpu_total(point):.2f} "
        f"| {point['cpu_s_per_1000']['worker']:.2f} | {point['cpu_s_per_1000']['PostgreSQL']:.2f} |"
        for point in points
    ]
    return "\n".join(
        [
            "## The cost of an event as the site grows",
            "",
            f"`python -m benchmarks.curve`: {_where(found)}",
            "",
            f"![CPU seconds per 1,000 events by events stored]({CHART})",
            "",
            "| events stored | drained/s | CPU s per 1,000 | of them worker | of them PostgreSQL |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _embedded() -> str:
    found = read_result("embedded")
    if not found:
        return ""
    return (
        "## One process on SQLite\n\n"
        f"`python -m benchmarks --way embedded`: {_where(found)}\n\n{found['measured']['table']}"
    )


def _texts() -> str:
    """What other benchmarks printed, tables as they are and the rest as it stood on the screen."""
    names = sorted(path.stem for path in RESULTS.glob(f"{PREFIX}*.json"))
    return "\n".join(_text(found) for found in map(read_result, names) if found)


def _text(found: Mapping[str, Any]) -> str:
    one = found["measured"]
    printed = one["printed"].rstrip()
    shown = printed if printed.startswith("|") else f"```\n{printed}\n```"
    return f"## {one['title']}\n\n`{one['command']}`: {_where(found)}\n\n{shown}\n"


def _where(found: Mapping[str, Any]) -> str:
    return f"{found['cores']} cores, Python {found['python']}, {found['measured_on']}."


if __name__ == "__main__":
    main()
