"""What an edited policy would remove now, in bounded time."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from common.row_ids import received_at_of
from errors.services.pace import Pace, Stopped
from errors.services.retention.by_project import find_oldest_kept
from errors.services.retention.enforce import execute, plan_run
from errors.services.retention.run import Report
from projects.retention import RetentionPolicy

# A page may take so long to count; then it says "at least".
COUNT_S = 2.0
OLDEST_S = 0.5


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go, and when the oldest event that stays was received.

    oldest_kept_at: None where no event stays, or when there was no time to find it.
    """

    report: Report
    oldest_kept_at: datetime | None


def preview_policies(
    policies: Mapping[int, RetentionPolicy], *, now: datetime, project_id: int | None = None
) -> Preview:
    """Count with these policies, of all projects, what would go on the site or in one project."""
    pace = Pace(share=1.0, seconds=COUNT_S)
    run = plan_run(now=now, project_id=project_id, pace=pace, policies=policies)
    run.is_dry = run.weighs = True
    report = execute(run, is_whole_site=project_id is None)
    oldest = None
    if report.is_complete:
        run.pace = Pace(share=1.0, seconds=OLDEST_S)
        with suppress(Stopped):
            oldest = find_oldest_kept(run)
    return Preview(report, None if oldest is None else received_at_of(oldest))
