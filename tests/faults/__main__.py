"""Every fault at its full length, as one table: `make faults`.

Exit code 1 when a fault lost or doubled anything, or could not be tried.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.findings import REPORT

HEAD = (
    "| fault | way of running | sent | accepted | refused | stored | lost | doubled | drained in s"
    " | notes |"
)


def main() -> int:
    """Run all, print the table, give the exit code."""
    with tempfile.TemporaryDirectory(prefix="catchall-faults-") as folder:
        report = Path(folder) / "report.jsonl"
        report.touch()
        environment = {**os.environ, REPORT: str(report), "CI": "true"}
        command = [sys.executable, "-m", "pytest", "-q", "-m", "faults", "tests/faults"]
        done = subprocess.run([*command, *sys.argv[1:]], env=environment)
        rows = [json.loads(line) for line in report.read_text().splitlines()]
    print(table_of(rows))
    return done.returncode


def table_of(rows: list[dict[str, object]]) -> str:
    """The rows as a Markdown table."""
    lines = [HEAD, "| --- " * HEAD.count(" | ") + "| --- |"]
    for row in rows:
        notes = row.pop("notes")
        assert isinstance(notes, list)
        lines.append(f"| {' | '.join(map(str, row.values()))} | {', '.join(notes)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
