"""Run after run the same way: by age, resolved issues, by number for an issue and a project."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import connection

from errors.cutoffs import cut
from errors.services.pace import Pace, Stopped
from errors.services.retention.by_age import (
    drop_old_days,
    forget_seen,
    remove_old_events,
    remove_old_items,
)
from errors.services.retention.by_issue import trim_issues
from errors.services.retention.by_project import trim_projects
from errors.services.retention.lock import one_at_a_time
from errors.services.retention.resolved import remove_resolved_issues
from errors.services.retention.run import Report, Run
from projects.models import Project
from projects.policies import longest_days, read_policies
from projects.retention import RetentionPolicy


def enforce_retention(
    *,
    now: datetime,
    project_id: int | None = None,
    pace: Pace | None = None,
    on_progress: Callable[[int], object] = lambda _: None,
) -> Report:
    """Remove what the policies of all projects, or of one, let go; counts of issues stay exact.

    on_progress: told how many rows each step took.
    Raises: RetentionBusyError while another run is under way.
    """
    run = plan_run(now=now, project_id=project_id, pace=pace)
    run.on_progress = on_progress
    with one_at_a_time():
        return execute(run, is_whole_site=project_id is None)


def preview_retention(
    *, now: datetime, project_id: int | None = None, pace: Pace | None = None
) -> Report:
    """What `enforce_retention` would remove now; nothing is changed."""
    run = plan_run(now=now, project_id=project_id, pace=pace or Pace(share=1.0))
    run.is_dry = True
    return execute(run, is_whole_site=project_id is None)


def trim_grown_issues(*, now: datetime, pace: Pace | None = None) -> Report:
    """Remove the surplus of issues that have grown since; for every minute.

    Raises: RetentionBusyError while another run is under way.
    """
    run = plan_run(now=now, pace=pace)
    with one_at_a_time():
        return _until_stopped(run, lambda: trim_issues(run, only_grown=True))


def plan_run(
    *,
    now: datetime,
    project_id: int | None = None,
    pace: Pace | None = None,
    policies: Mapping[int, RetentionPolicy] | None = None,
) -> Run:
    """A run over all projects or one; `policies` are those of all, as they are or might be."""
    if policies is None:
        policies = read_policies(Project.objects.all())
    longest = max((each.retention_days for each in policies.values()), default=longest_days())
    # Partitions hold every project's events and go with the longest retention.
    partitioned_days = longest if connection.vendor == "postgresql" else None
    wanted = policies if project_id is None else {project_id: policies[project_id]}
    return Run(now, cut(wanted, now, partitioned_days=partitioned_days), longest, pace or Pace())


def execute(run: Run, *, is_whole_site: bool) -> Report:
    """Do all of it in order; what goes for one reason is not looked at for the next."""

    def steps() -> None:
        if is_whole_site:
            drop_old_days(run)
        remove_old_events(run)
        remove_resolved_issues(run)
        trim_issues(run)
        trim_projects(run)
        remove_old_items(run)
        if is_whole_site:
            forget_seen(run)

    return _until_stopped(run, steps)


def _until_stopped(run: Run, steps: Callable[[], None]) -> Report:
    try:
        steps()
    except Stopped:
        run.report.is_complete = False
    return run.report
