"""What a client, or a relay before this site, says that it dropped itself. Pure.

Source: Sentry SDK documentation, "Client Reports".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from common.jsonio import JsonError, loads

MAX_BYTES = 4096
MAX_QUANTITY = 1_000_000_000
# Each list with the reason of those of its entries that name none. Relays send the later ones.
LISTS = {
    "discarded_events": "",
    "rate_limited_events": "ratelimit_backoff",
    "filtered_events": "event_processor",
    "filtered_sampling_events": "sample_rate",
}


@dataclass(frozen=True, slots=True)
class Discarded:
    """How many of a category were dropped, and why; both as the client words them."""

    category: object
    reason: object
    quantity: int


def read_client_report(payload: bytes | memoryview) -> list[Discarded]:
    """Read all lists of a report; what cannot be read counts for nothing.

    Bounded by MAX_BYTES: a longer report is not read.
    """
    if len(payload) > MAX_BYTES:
        return []
    try:
        report = loads(bytes(payload))
    except JsonError:
        return []
    return list(_read_lists(report)) if isinstance(report, dict) else []


def _read_lists(report: dict[str, Any]) -> Iterator[Discarded]:
    for name, usual_reason in LISTS.items():
        entries = report.get(name)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and (quantity := _quantity(entry)):
                reason = entry.get("reason") or usual_reason
                yield Discarded(entry.get("category"), reason, quantity)


def _quantity(entry: dict[str, Any]) -> int:
    """A whole number above 0; 0 for anything else."""
    quantity = entry.get("quantity")
    return min(quantity, MAX_QUANTITY) if type(quantity) is int and quantity > 0 else 0
