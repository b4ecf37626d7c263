"""The admin of the projects app."""

from projects.admin.keys import ProjectKeyAdmin
from projects.admin.members import MembershipAdmin
from projects.admin.native_keys import NativeKeyAdmin
from projects.admin.projects import ProjectAdmin
from projects.admin.simple_keys import SimpleKeyAdmin
from projects.admin.statistics import OutcomeCountAdmin

__all__ = [
    "MembershipAdmin",
    "NativeKeyAdmin",
    "OutcomeCountAdmin",
    "ProjectAdmin",
    "ProjectKeyAdmin",
    "SimpleKeyAdmin",
]
