"""The kinds of data that clients send, in the words of rate limits and statistics.

Source: Sentry SDK documentation, "Rate Limiting", section Definitions (data categories).
"""

ERROR = "error"
DEFAULT = "default"
ATTACHMENT = "attachment"
LOG_BYTE = "log_byte"
MONITOR = "monitor"
SECURITY = "security"
# What clients report of themselves, which is never limited.
INTERNAL = "internal"

CATEGORIES = (
    ERROR,
    "transaction",
    SECURITY,
    "span",
    "log_item",
    "trace_metric",
    "session",
    MONITOR,
    "feedback",
    "replay",
    "profile",
    ATTACHMENT,
    LOG_BYTE,
    INTERNAL,
    DEFAULT,
)
# These are counted in bytes, and added up with no others.
IN_BYTES = frozenset({ATTACHMENT, LOG_BYTE})
