"""What was measured, kept as JSON, so that no figure of a page is typed by hand."""

import json
import os
import platform
import time
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def save_result(name: str, measured: Any) -> None:
    """Keep the newest measurement of that name, with when and where it was made."""
    RESULTS.mkdir(exist_ok=True)
    content = {
        "measured_on": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "measured": measured,
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(content, indent=1))


def read_result(name: str) -> dict[str, Any] | None:
    """The newest measurement of that name with its circumstances; None when there is none."""
    path = RESULTS / f"{name}.json"
    return dict(json.loads(path.read_text())) if path.exists() else None
