"""Claims: which ranges of messages a reader holds, on disk, so that a crash is counted.

A claim is one small row for a batch; the messages are never written again.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """All messages with ids from low to high; crashes counts the readers that died with them."""

    low: int
    high: int
    crashes: int

    @property
    def deliveries(self) -> int:
        """As Delivery.deliveries."""
        return self.crashes + 1


def take_over(connection: sqlite3.Connection) -> list[Claim]:
    """The claims that earlier readers left; those they died with have one crash more."""
    connection.execute("UPDATE claim SET crashes = crashes + 1, is_open = 0 WHERE is_open = 1")
    rows = connection.execute("SELECT low, high, crashes FROM claim ORDER BY low").fetchall()
    return [Claim(*row) for row in rows]


def hold(connection: sqlite3.Connection, claim: Claim) -> None:
    """Write down that a reader holds this range: a new one, or the beginning of one left over."""
    rest = connection.execute("SELECT high FROM claim WHERE low = ?", (claim.low,)).fetchone()
    if rest is not None and rest[0] > claim.high:
        connection.execute("UPDATE claim SET low = ? WHERE low = ?", (claim.high + 1, claim.low))
    connection.execute(
        "INSERT OR REPLACE INTO claim (low, high, crashes, is_open) VALUES (?, ?, ?, 1)",
        (claim.low, claim.high, claim.crashes),
    )


def release_all(connection: sqlite3.Connection) -> None:
    """Give the held ranges back without counting a crash."""
    connection.execute("UPDATE claim SET is_open = 0 WHERE is_open = 1")


def finish(connection: sqlite3.Connection, row_ids: Sequence[int], claim: Claim | None) -> None:
    """Delete acknowledged messages, and their claim when none of it is left."""
    connection.execute(
        "DELETE FROM message WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(row_ids),)
    )
    if claim is not None:
        connection.execute("DELETE FROM claim WHERE low = ?", (claim.low,))
