"""The admin of the projects app."""

from projects.admin.keys import ProjectKeyAdmin
from projects.admin.members import MembershipAdmin
from projects.admin.projects import ProjectAdmin

__all__ = ["MembershipAdmin", "ProjectAdmin", "ProjectKeyAdmin"]
