"""What is old, too much or long resolved goes, by the policies of the site and of each project."""

from errors.services.retention.ageing import age_issues
from errors.services.retention.by_budget import trim_kept
from errors.services.retention.counts import fold_counts
from errors.services.retention.enforce import (
    enforce_retention,
    preview_retention,
    trim_grown_issues,
)
from errors.services.retention.lock import RetentionBusyError
from errors.services.retention.preview import Preview, preview_policies
from errors.services.retention.run import Reason, Report

__all__ = [
    "Preview",
    "Reason",
    "Report",
    "RetentionBusyError",
    "age_issues",
    "enforce_retention",
    "fold_counts",
    "preview_policies",
    "preview_retention",
    "trim_grown_issues",
    "trim_kept",
]
