"""What the digest's messages count as in the statistics of their projects."""

from collections import Counter
from collections.abc import Mapping, Sequence

from common.data_categories import DEFAULT, ERROR
from ingest.inbox.base import Message
from ingest.protocol.categories import quantities
from ingest.protocol.client_report import read_client_report
from ingest.protocol.envelope import Item
from projects.statistics import Counted, Outcome
from projects.statistics.outcomes import known_category, known_client_reason

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
    for one in read_client_report(report.payload):
        category = known_category(one.category)
        reason = known_client_reason(one.reason)
        name = Counted(project_id, hour, Outcome.CLIENT_DISCARD, category, reason)
        counts[name] += one.quantity
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
