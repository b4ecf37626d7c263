"""When to train a payload dictionary: as a project and platform reach 100, 1,000, 10,000 events."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Max, Sum

from errors.models import Issue, PayloadDictionary
from errors.services.prepare import PreparedEvent
from errors.storage.training import STAGES, due_stage

Learner = tuple[int, str]
MAX_LEARNERS = 10_000

# Since this process began: an early hint, never the last word.
_seen: Counter[Learner] = Counter()


def note_events(events: Iterable[PreparedEvent]) -> list[Learner]:
    """Count what this process recorded; return who has just reached a stage."""
    if len(_seen) > MAX_LEARNERS:
        _seen.clear()
    fresh = Counter((event.project_id, event.summary.platform) for event in events)
    due = [
        learner
        for learner, count in fresh.items()
        if any(_seen[learner] < stage <= _seen[learner] + count for stage in STAGES)
    ]
    _seen.update(fresh)
    return due


def find_due() -> list[tuple[int, str, int]]:
    """Return project, platform and stage of all that have events enough for a new dictionary."""
    totals = Issue.objects.present().values_list("project", "platform").annotate(Sum("event_count"))
    trained = {
        (project_id, platform): count
        for project_id, platform, count in PayloadDictionary.objects.values_list(
            "project", "platform"
        ).annotate(Max("sample_count"))
    }
    stages = (
        (project_id, platform, due_stage(total, trained.get((project_id, platform), 0)))
        for project_id, platform, total in totals.order_by()
    )
    return [(project_id, platform, stage) for project_id, platform, stage in stages if stage]
