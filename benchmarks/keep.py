"""Run another benchmark and keep what it prints, for docs/performance.md.

    python -m benchmarks.keep NAME TITLE MODULE [OPTIONS …]

The environment (DATABASE_URL and the like) goes on to it.
"""

import subprocess
import sys

from benchmarks.results import save_result

PREFIX = "printed-"


def main() -> None:
    """Print what it prints, and keep it under its name."""
    name, title, module, *options = sys.argv[1:]
    command = [sys.executable, "-m", module, *options]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    sys.stdout.write(printed)
    shown = " ".join(["python", "-m", module, *options])
    save_result(PREFIX + name, {"title": title, "command": shown, "printed": printed})


if __name__ == "__main__":
    main()
