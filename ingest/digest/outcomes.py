"""What the digest's messages count as in the statistics of their projects."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from common.data_categories import DEFAULT, ERROR
from common.jsonio import JsonError, loads
from ingest.inbox.base import Message
from ingest.protocol.categories import quantities
from ingest.protocol.envelope import Item
from projects.statistics import Counted, Outcome
from projects.statistics.outcomes import known_category, known_client_reason

# A client report is 4 KiB at most.
MAX_REPORT_BYTES = 4096
MAX_QUANTITY = 1_000_000_000

Outcomes = Counter[Counted]


def count_envelope(
    project_id: int, hour: int, items: Sequence[Item], left_out: Mapping[int, str]
) -> Outcomes:
    """An envelope's items, and what its client says that it dropped itself.

    left_out: why some of the items are not kept, by their identity.
    """
    counts: Outcomes = Counter()
    for item in items:
        reason = left_out.get(id(item), "")
        outcome = Outcome.FILTERED if reason else Outcome.ACCEPTED
        for category, quantity in quantities((item,)).items():
            counts[Counted(project_id, hour, outcome, category, reason)] += quantity
        if item.type == "client_report":
            counts += count_discards(project_id, hour, item)
    return counts


def count_discards(project_id: int, hour: int, report: Item) -> Outcomes:
    """What a client report says was dropped; what cannot be read in it counts for nothing."""
    counts: Outcomes = Counter()
    for discarded in _discarded(report):
        quantity = discarded.get("quantity")
        if type(quantity) is not int or quantity < 1:
            continue
        category = known_category(discarded.get("category"))
        reason = known_client_reason(discarded.get("reason"))
        name = Counted(project_id, hour, Outcome.CLIENT_DISCARD, category, reason)
        counts[name] += min(quantity, MAX_QUANTITY)
    return counts


def as_duplicate(counts: Outcomes) -> Outcomes:
    """What was sent before: not kept again. What the client itself dropped counts once."""
    return Counter(
        {
            name._replace(outcome=Outcome.FILTERED, reason="duplicate"): quantity
            for name, quantity in counts.items()
            if name.outcome == Outcome.ACCEPTED
        }
    )


def count_message(message: Message, outcome: str, reason: str = "") -> Outcomes:
    """A message that nobody opens: an event where its answer named one."""
    category = ERROR if message.event_id else DEFAULT
    hour = message.received_ms // 3_600_000
    return Counter({Counted(message.project_id, hour, outcome, category, reason): 1})


def _discarded(report: Item) -> list[dict[str, Any]]:
    if len(report.payload) > MAX_REPORT_BYTES:
        return []
    try:
        found = loads(bytes(report.payload))
    except JsonError:
        return []
    listed = found.get("discarded_events") if isinstance(found, dict) else None
    parts = listed if isinstance(listed, list) else []
    return [part for part in parts if isinstance(part, dict)]
