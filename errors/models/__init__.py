"""What the digest writes and the pages read: issues, events, counters, stored items."""

from errors.models.counters import HourlyCount, IssueUser, ItemCount, TagCount
from errors.models.event import (
    Event,
    EventPayload,
    PayloadDictionary,
    SeenEvent,
    StoredEnvelope,
    StoredItem,
)
from errors.models.issue import Activity, GroupingKey, Issue
from errors.models.release import Environment, Release

__all__ = [
    "Activity",
    "Environment",
    "Event",
    "EventPayload",
    "GroupingKey",
    "HourlyCount",
    "Issue",
    "IssueUser",
    "ItemCount",
    "PayloadDictionary",
    "Release",
    "SeenEvent",
    "StoredEnvelope",
    "StoredItem",
    "TagCount",
]
