"""Tell the pages what changed: one small message for each project and batch."""

from collections import defaultdict
from collections.abc import Iterable

from errors.services.record import Recorded
from ingest.live import publish

MAX_ISSUES = 50


def announce(recorded: Iterable[Recorded]) -> None:
    """Publish the issues that a committed batch touched, and how many of them are new."""
    by_project: dict[int, list[Recorded]] = defaultdict(list)
    for one in recorded:
        by_project[one.project_id].append(one)
    for project_id, events in by_project.items():
        issues = list(dict.fromkeys(one.issue_id for one in events))
        publish(
            project_id,
            {
                "type": "issues.changed",
                "project": project_id,
                "new": sum(one.is_new for one in events),
                "issues": issues[:MAX_ISSUES],
            },
        )
