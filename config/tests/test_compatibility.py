"""docs/compatibility.md promises nothing that no test holds."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = ROOT / "docs" / "compatibility.md"
PACKAGES = ("accounts", "clients", "common", "config", "deploy", "errors", "ingest", "projects")
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


@cache
def functions() -> dict[str, set[str]]:
    """The tests there are, by the name of their file."""
    found: dict[str, set[str]] = defaultdict(set)
    for package in (*PACKAGES, "tests"):
        for path in (ROOT / package).rglob("test_*.py"):
            tree = ast.parse(path.read_bytes())
            found[path.name] |= {
                node.name
                for node in tree.body
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            }
    return found


def rows() -> Iterator[str]:
    """The tables' rows, without their heads."""
    lines = DOCUMENT.read_text().splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("|") and not after.startswith("| ---") and not line.startswith("| ---"):
            yield line


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(DOCUMENT.read_text())
    missing = {f"{file}::{name}" for file, name in named if name not in functions()[file]}
    assert not missing


def test_every_row_names_a_test_or_says_later() -> None:
    silent = [row for row in rows() if not NAMED.search(row) and "*later*" not in row.lower()]
    assert not silent
