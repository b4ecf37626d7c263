"""Whether one container is well: `health.py URL`, or `health.py FILE` that must be fresh.

By itself, without Django: it runs every few seconds.
"""

import sys
import time
from pathlib import Path
from urllib.request import urlopen

TIMEOUT_S = 3
# Several beats, and a worker's start after a broker that was away for moments.
FRESH_S = 45


def is_well(target: str) -> bool:
    """Whether the address answers 200, or the file was touched lately."""
    try:
        if target.startswith("http"):
            with urlopen(target, timeout=TIMEOUT_S) as answer:  # noqa: S310 (our own address)
                return bool(answer.status == 200)
        return time.time() - Path(target).stat().st_mtime < FRESH_S
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(not is_well(sys.argv[1]))
