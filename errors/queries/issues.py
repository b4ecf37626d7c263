"""Which issues a list shows, and in which order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from common.text import clean_text
from errors.models import Environment, GroupingKey, HourlyCount, Issue
from errors.models.issue import IssueQuerySet

SORTS = {
    "last_seen": "-last_seen_at",
    "first_seen": "-first_seen_at",
    "events": "-events_shown",
    "people": "-user_count",
}
DEFAULT_SORT = "last_seen"
SHORT_ID = re.compile(r"^([A-Za-z][A-Za-z0-9]*)-(\d{1,9})$")


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """What a list was asked for; unknown values fall back to the usual ones."""

    status: str = Issue.Status.UNRESOLVED
    text: str = ""
    environment: str = ""
    sort: str = DEFAULT_SORT

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Read `status`, `q`, `environment` and `sort` of a query string."""
        status, sort = params.get("status", ""), params.get("sort", "")
        return cls(
            status=status if status in Issue.Status.values else Issue.Status.UNRESOLVED,
            # PostgreSQL refuses NUL, which an address can carry.
            text=clean_text(params.get("q", "")).strip()[:200],
            environment=clean_text(params.get("environment", "")).strip()[:64],
            sort=sort if sort in SORTS else DEFAULT_SORT,
        )

    @property
    def is_narrow(self) -> bool:
        """Whether an empty list can be due to the filter rather than to peace."""
        return bool(self.text or self.environment)

    def narrow(self, issues: IssueQuerySet) -> IssueQuerySet:
        """The issues of any status that have the words and the environment."""
        for word in self.text.split():
            issues = issues.filter(_matches(word))
        if self.environment:
            issues = issues.filter(_seen_in(self.environment))
        return issues

    def apply(self, issues: IssueQuerySet) -> IssueQuerySet:
        """The issues to show, in order."""
        # The id decides between equals, so that no page repeats a row of another.
        shown = self.count_events(self.narrow(issues)).filter(status=self.status)
        return shown.order_by(SORTS[self.sort], "-pk")

    def count_events(self, issues: IssueQuerySet) -> IssueQuerySet:
        """The issues with `events_shown`: their events, in the environment where one is chosen."""
        counted = _events_in(self.environment) if self.environment else F("event_count")
        return issues.annotate(events_shown=counted)


def _matches(word: str) -> Q:
    found = Q(title__icontains=word) | Q(value__icontains=word) | Q(culprit__icontains=word)
    short_id = SHORT_ID.match(word)
    if short_id:
        prefix, number = short_id.groups()
        found |= Q(project__short_prefix__iexact=prefix, number=int(number))
    return found


def _seen_in(environment: str) -> Exists:
    keys = GroupingKey.objects.filter(issue=OuterRef("pk"))
    hours = _hours_in(environment).filter(grouping_key_id=OuterRef("pk"))
    return Exists(keys.filter(Exists(hours)))


def _events_in(environment: str) -> Coalesce:
    keys = GroupingKey.objects.filter(issue=OuterRef(OuterRef("pk"))).values("pk")
    hours = _hours_in(environment).filter(grouping_key_id__in=keys).order_by()
    # One group of all rows: aggregate() could not refer to the outer query.
    total = hours.annotate(all=Value(1)).values("all").annotate(total=Sum("count")).values("total")
    return Coalesce(Subquery(total), 0)


def _hours_in(environment: str) -> QuerySet[HourlyCount]:
    # Names recur in every project; the hours of a grouping key are one range of its primary key.
    named = Environment.objects.filter(name=environment).values("pk")
    return HourlyCount.objects.filter(environment_id__in=named)


def count_by_status(issues: IssueQuerySet) -> dict[str, int]:
    """How many issues there are of each status; statuses without any are 0."""
    counts = dict.fromkeys(Issue.Status.values, 0)
    # Without order_by() the default ordering would join the grouping.
    counts.update(issues.order_by().values_list("status").annotate(count=Count("pk")))
    return counts
