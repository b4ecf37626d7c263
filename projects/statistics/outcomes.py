"""What can become of what was sent, and why. Pure."""

from typing import NamedTuple

from common.data_categories import CATEGORIES, DEFAULT

# Counts of requests whose project is not known, since their key is not.
NO_PROJECT = 0
OTHER = "other"


class Outcome:
    """The words of the column; the order of a chart's layers and of tables."""

    ACCEPTED = "accepted"
    FILTERED = "filtered"
    LIMITED = "limited"
    INVALID = "invalid"
    CLIENT_DISCARD = "client_discard"
    QUARANTINED = "quarantined"
    DROPPED = "dropped"


OUTCOMES = {
    Outcome.ACCEPTED: "Accepted",
    Outcome.FILTERED: "Filtered",
    Outcome.LIMITED: "Limited",
    Outcome.INVALID: "Invalid",
    Outcome.CLIENT_DISCARD: "Dropped by the client",
    Outcome.QUARANTINED: "Quarantined",
    Outcome.DROPPED: "Dropped with its project",
}
# What this site says of itself, in words for people.
REASONS = {
    "": "",
    "duplicate": "sent again under the same id",
    "noise": "reports of browser extensions",
    "too_many_items": "items beyond those kept of an envelope",
    "no_room": "the budget for such items is used up",
    "project": "the project's rate limit",
    "key": "a key's rate limit",
    "address": "the limit of an address",
    "overloaded": "the site was busy: come back later",
    "malformed": "cannot be read",
    "too_large": "too large",
    "encoding": "unknown content type or coding",
    "timeout": "the body did not arrive in time",
    "revoked_key": "a revoked key",
    "foreign_key": "a key of another project",
    "unknown_key": "an unknown key",
    "no_key": "no key, or a malformed one",
    "origin": "an origin that is not allowed",
    "project_deleted": "the project is deleted",
}
# Why clients drop what they have. Source: Sentry SDK documentation, "Client Reports".
CLIENT_REASONS = {
    "queue_overflow": "its queue was full",
    "cache_overflow": "its cache was full",
    "buffer_overflow": "its buffer was full",
    "ratelimit_backoff": "told to wait by a rate limit",
    "network_error": "it could not be sent",
    "send_error": "the site refused it",
    "sample_rate": "sampled out",
    "before_send": "before_send dropped it",
    "event_processor": "an event processor dropped it",
    "ignored": "on the client's ignore list",
    "internal_sdk_error": "a fault in the SDK",
    "insufficient_data": "too little data",
    "backpressure": "the application was busy",
    "no_parent_span": "a span without its parent",
    "invalid": "the SDK found it invalid",
    "too_large": "too large for the SDK",
    OTHER: "for another reason",
}


class Counted(NamedTuple):
    """One number's name: whose, when (hours since 1970, UTC), what became of which data, why."""

    project_id: int
    hour: int
    outcome: str
    category: str
    reason: str


def hour_at(unix_s: float) -> int:
    """The hour of a moment, since 1970."""
    return int(unix_s) // 3600


def known_category(category: object) -> str:
    """One of the categories; what nobody has heard of is the default one."""
    return category if isinstance(category, str) and category in CATEGORIES else DEFAULT


def known_client_reason(reason: object) -> str:
    """One of the clients' reasons; their number is bounded, whatever they write."""
    return reason if isinstance(reason, str) and reason in CLIENT_REASONS else OTHER


def describe_reason(outcome: str, reason: str) -> str:
    """A reason in words; as it is where it has none."""
    words = CLIENT_REASONS if outcome == Outcome.CLIENT_DISCARD else REASONS
    return words.get(reason, reason)
