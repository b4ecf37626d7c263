"""The types of items that SDKs are known to send, and how large each may be. Pure.

Source: the ingestion contract, "Item types".
"""

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE

# What nobody has heard of shares one counter, and the smallest common limit.
OTHER_TYPE = "other"
SIZE_LIMITS = {
    "event": MEBIBYTE,
    "transaction": MEBIBYTE,
    "attachment": 100 * MEBIBYTE,
    "session": MEBIBYTE,
    "sessions": MEBIBYTE,
    "client_report": 4 * KIBIBYTE,
    "feedback": MEBIBYTE,
    "user_report": 64 * KIBIBYTE,
    "check_in": 100 * KIBIBYTE,
    "log": 12 * MEBIBYTE,
    "trace_metric": MEBIBYTE,
    "span": 10 * MEBIBYTE,
    "profile": MEBIBYTE,
    "profile_chunk": MEBIBYTE,
    "replay_event": MEBIBYTE,
    "replay_recording": 10 * MEBIBYTE,
    "replay_video": 10 * MEBIBYTE,
    "otel_log": 12 * MEBIBYTE,
    "otlp_traces": 10 * MEBIBYTE,
    "otlp_logs": 12 * MEBIBYTE,
    "nel": MEBIBYTE,
    "raw_security": MEBIBYTE,
    "statsd": MEBIBYTE,
    "metric_buckets": MEBIBYTE,
}

# OpenTelemetry's requests, in its JSON form.
EXPORT_TYPES = frozenset({"otlp_traces", "otlp_logs"})


def size_limit_of(item_type: str) -> int:
    """The bytes of a payload beyond which items of this type are only counted."""
    return SIZE_LIMITS.get(item_type, MEBIBYTE)


def counted_type_of(item_type: str) -> str:
    """The name that an item is counted under: each type and hour is a row."""
    return item_type if item_type in SIZE_LIMITS else OTHER_TYPE
