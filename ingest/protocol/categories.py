"""What kind of data an item is (common.data_categories), and how much of it."""

from collections import Counter
from collections.abc import Iterable

from common.data_categories import (
    ATTACHMENT,
    DEFAULT,
    ERROR,
    INTERNAL,
    LOG_BYTE,
    MONITOR,
    SECURITY,
)
from ingest.protocol.envelope import Item

_CATEGORY_OF = {
    "event": ERROR,
    "transaction": "transaction",
    "raw_security": SECURITY,
    "nel": SECURITY,
    "attachment": ATTACHMENT,
    "session": "session",
    "sessions": "session",
    "client_report": INTERNAL,
    "feedback": "feedback",
    "user_report": "feedback",
    "check_in": MONITOR,
    "log": "log_item",
    "otel_log": "log_item",
    "otlp_logs": "log_item",
    "trace_metric": "trace_metric",
    "span": "span",
    "otel_span": "span",
    "otlp_traces": "span",
    "profile": "profile",
    "profile_chunk": "profile",
    "replay_event": "replay",
    "replay_recording": "replay",
    "replay_video": "replay",
}
_CONTAINERS = frozenset({"log", "trace_metric", "span", "otlp_logs", "otlp_traces"})
# What a header may claim; the largest container holds fewer.
_MAX_ITEM_COUNT = 100_000


def category_of(item_type: str) -> str:
    """The category of an item's type; "default" for what nobody has heard of."""
    return _CATEGORY_OF.get(item_type, DEFAULT)


def number_of(item: Item) -> int:
    """How many things an item holds: those of a container by its header, else one."""
    count = item.headers.get("item_count")
    if item.type not in _CONTAINERS or type(count) is not int:
        return 1
    return min(max(count, 1), _MAX_ITEM_COUNT)


def quantities(items: Iterable[Item]) -> Counter[str]:
    """What items come to by category, as statistics count: attachments in bytes, logs in both.

    What clients report of themselves is no data, and not counted.
    """
    found: Counter[str] = Counter()
    for item in items:
        category = category_of(item.type)
        if category == INTERNAL:
            continue
        if category == ATTACHMENT:
            found[category] += max(1, len(item.payload))
            continue
        found[category] += number_of(item)
        if category == "log_item":
            found[LOG_BYTE] += len(item.payload)
    return found
