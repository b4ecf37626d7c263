"""One run: what it looks for, what it has found, and whether it really removes."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Sum
from django.db.models.functions import Length

from errors.cutoffs import Cutoffs, Trim
from errors.models import EventPayload, MovedPayload
from errors.services.pace import Pace
from errors.services.removal import remove_events


class Reason(StrEnum):
    """Why an event goes."""

    AGE = "older than the policy keeps them"
    RESOLVED = "in issues resolved long ago"
    ISSUE = "more than an issue keeps"
    PROJECT = "more than a project keeps"


@dataclass(slots=True)
class Report:
    """What went, or would go. `is_complete`: False when the run was stopped; run it again.

    items: stored items and envelopes. seen_ids: ids of events that no retry can bring any more.
    """

    events: Counter[Reason] = field(default_factory=Counter)
    payload_bytes: int = 0
    issues: int = 0
    items: int = 0
    seen_ids: int = 0
    is_complete: bool = True

    @property
    def event_total(self) -> int:
        return sum(self.events.values())


@dataclass(slots=True)
class Run:
    """`cutoffs` are those of the projects to look at, `longest_days` is over the whole site.

    A dry run removes nothing and so remembers what went before: whole issues, the surplus of
    others, how many events of each project, and up to which row id a project's oldest, those
    that go at once and those that go last.
    """

    now: datetime
    cutoffs: dict[int, Cutoffs]
    longest_days: int
    pace: Pace
    is_dry: bool = False
    # Add up the bytes of payloads; only a dry run does.
    weighs: bool = False
    on_progress: Callable[[int], object] = lambda _: None
    report: Report = field(default_factory=Report)
    gone_issues: set[int] = field(default_factory=set)
    trims: dict[int, Trim] = field(default_factory=dict)
    gone_events: Counter[int] = field(default_factory=Counter)
    gone_up_to: dict[tuple[int, bool], int] = field(default_factory=dict)

    def take(self, ids: Sequence[int], reason: Reason) -> None:
        """Remove these events in steps, or count them. Raises Stopped between steps."""
        for part in self.pace.parts(ids):
            if not self.is_dry:
                self.report.events[reason] += remove_events(part)
            else:
                self.report.events[reason] += len(part)
                self.report.payload_bytes += _payload_bytes(part) if self.weighs else 0
            self.on_progress(len(part))


def _payload_bytes(ids: Sequence[int]) -> int:
    """In the database and in object storage together."""
    rows = EventPayload.objects.filter(pk__in=ids).aggregate(total=Sum(Length("content")))
    moved = MovedPayload.objects.filter(pk__in=ids).aggregate(total=Sum("size_bytes"))
    return (rows["total"] or 0) + (moved["total"] or 0)
