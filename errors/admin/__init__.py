"""The admin of the errors app."""

from errors.admin.events import EventAdmin
from errors.admin.issues import IssueAdmin

__all__ = ["EventAdmin", "IssueAdmin"]
