"""What the digest writes and the pages read: issues, events, counters, stored items."""

from errors.models.attachment import Attachment, AttachmentContent, AttachmentObject
from errors.models.counters import HourlyCount, IssueSession, IssueUser, ItemCount, TagCount
from errors.models.event import (
    Event,
    EventPayload,
    PayloadDictionary,
    SeenEvent,
    StoredEnvelope,
    StoredItem,
)
from errors.models.feedback import Feedback
from errors.models.issue import Activity, GroupingKey, Issue
from errors.models.kept import KeptBytes
from errors.models.payloads import MovedPayload, PayloadPack
from errors.models.release import Environment, Release
from errors.models.retention import IssueTrim, ProjectRetention

__all__ = [
    "Activity",
    "Attachment",
    "AttachmentContent",
    "AttachmentObject",
    "Environment",
    "Event",
    "EventPayload",
    "Feedback",
    "GroupingKey",
    "HourlyCount",
    "Issue",
    "IssueSession",
    "IssueTrim",
    "IssueUser",
    "ItemCount",
    "KeptBytes",
    "MovedPayload",
    "PayloadDictionary",
    "PayloadPack",
    "ProjectRetention",
    "Release",
    "SeenEvent",
    "StoredEnvelope",
    "StoredItem",
    "TagCount",
]
