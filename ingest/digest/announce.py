"""Tell the pages what changed, and the background what there is to learn from."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable

import structlog
from kombu.exceptions import OperationalError

from errors.services.feedback import PreparedFeedback
from errors.services.learning import note_events
from errors.services.prepare import PreparedEvent
from errors.services.record import Recorded
from errors.tasks import learn_to_compress
from ingest.live import publish
from ingest.wake import EXPIRES_S

MAX_ISSUES = 50
# On a large site some group has grown enough in every batch.
LEARN_PAUSE_S = 2.0
log = structlog.get_logger(__name__)
# Whether there is something to learn from, and when to say so next.
_is_due = False
_wake_at = 0.0


def announce(recorded: Iterable[Recorded]) -> None:
    """Publish, for each project, the issues that a batch touched and how many of them are new."""
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


def announce_feedback(feedback: Iterable[PreparedFeedback]) -> None:
    """Publish, for each project, how much people wrote."""
    counts = Counter(one.project_id for one in feedback)
    for project_id, count in counts.items():
        publish(project_id, {"type": "feedback.changed", "project": project_id, "new": count})


def wake_learning(events: Iterable[PreparedEvent]) -> None:
    """Start a training when a project or group has reached a stage; beat would do it later."""
    global _is_due, _wake_at
    _is_due |= note_events(events)
    if not _is_due or time.monotonic() < _wake_at:
        return
    _is_due, _wake_at = False, time.monotonic() + LEARN_PAUSE_S
    try:
        learn_to_compress.apply_async(retry=False, expires=EXPIRES_S)
    except (OperationalError, OSError) as error:
        log.warning("digest.training_not_woken", error=str(error))
