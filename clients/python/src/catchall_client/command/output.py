"""Prints an answer: a table on a terminal, lines with tabs elsewhere, or JSON."""

import json
import sys
from collections.abc import Sequence
from typing import Any

Row = Sequence[str]


def write_answer(answer: Any, *, columns: tuple[str, ...], as_json: bool) -> None:
    """Print what a call gave; a list of nothing is a table without rows."""
    if as_json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    elif columns:
        rows = answer if isinstance(answer, list) else [answer]
        print(_table(columns, rows))
    else:
        print(next(clean(value) for value in answer.values()))


def _table(columns: tuple[str, ...], records: Sequence[dict[str, Any]]) -> str:
    rows = [columns, *([clean(record.get(name)) for name in columns] for record in records)]
    return aligned(rows) if sys.stdout.isatty() else "\n".join(map("\t".join, rows))


def aligned(rows: Sequence[Row]) -> str:
    """Columns as wide as their widest cell, the first row in capitals."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    head = [name.upper().replace("_", " ") for name in rows[0]]
    return "\n".join(_line(row, widths) for row in [head, *rows[1:]])


def _line(row: Row, widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return "  ".join(cells).rstrip()


def clean(value: Any) -> str:
    """One cell: of a list its length; no character that would move a terminal's cursor."""
    if value is None:
        return "-"
    if isinstance(value, list):
        return str(len(value))
    return "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(value)
    )
