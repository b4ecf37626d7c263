"""The admin of the errors app."""

from errors.admin.events import EventAdmin
from errors.admin.feedback import FeedbackAdmin
from errors.admin.issues import IssueAdmin
from errors.admin.items import AttachmentAdmin, StoredItemAdmin
from errors.admin.payloads import AttachmentObjectAdmin, PayloadPackAdmin
from errors.admin.retention import ProjectRetentionAdmin, SitePolicyAdmin

__all__ = [
    "AttachmentAdmin",
    "AttachmentObjectAdmin",
    "EventAdmin",
    "FeedbackAdmin",
    "IssueAdmin",
    "PayloadPackAdmin",
    "ProjectRetentionAdmin",
    "SitePolicyAdmin",
    "StoredItemAdmin",
]
