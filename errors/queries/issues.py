"""Which issues a list shows, and in which order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan

from common.text import clean_text
from errors.models import GroupingKey, Issue, TagCount
from errors.models.issue import IssueQuerySet

# The first of each is what an index has; the others decide between rows that have it in common.
# The id comes last, so that no page repeats a row of another.
SORTS = {
    "last_seen": ("-last_seen_hour", "-last_seen_at", "-pk"),
    "first_seen": ("-first_seen_at", "-pk"),
    "events": ("-event_magnitude", "-event_count", "-pk"),
    "people": ("-user_magnitude", "-user_count", "-pk"),
}
DEFAULT_SORT = "last_seen"
# Lists end and counts stop here; sooner where each issue must be looked at.
MAX_LISTED = 1_000
MAX_LISTED_OF_ENVIRONMENT = 400
MAX_COUNTED = 100
# Environments of so few grouping keys are read from their end: walking a list to its first fifty
# issues of the environment would be a long way. By its events are sorted so many issues of it.
RARE_KEYS = 5_000
MAX_SORTED = 500
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
        return _seen_in(self.environment, issues) if self.environment else issues

    def apply(self, issues: IssueQuerySet) -> IssueQuerySet:
        """The issues to show, in order."""
        shown = self.narrow(issues).filter(status=self.status).order_by(*SORTS[self.sort])
        if self.sort != "events" or not self.environment:
            return self.count_events(shown)
        loudest = issues.model.objects.filter(pk__in=shown.values("pk")[:MAX_SORTED])
        return self.count_events(loudest).order_by(F("events_shown").desc(), "-pk")

    def limit_of(self, status: str) -> int:
        """Where counting the issues of a status stops, and the list of the one that is shown."""
        if self.is_narrow and status != self.status:
            return MAX_COUNTED
        return MAX_LISTED_OF_ENVIRONMENT if self.environment else MAX_LISTED

    def count_newer(self, issues: IssueQuerySet, issue_id: int) -> int:
        """How many of the issues to show are newer than this one, MAX_LISTED at most."""
        shown = self.narrow(issues).filter(status=self.status, pk__gt=issue_id)
        return shown.order_by("pk")[:MAX_LISTED].count()

    def count_events(self, issues: IssueQuerySet) -> IssueQuerySet:
        """The issues with `events_shown`: their events, in the environment where one is chosen."""
        counted = _events_in(self.environment) if self.environment else F("event_count")
        return issues.annotate(events_shown=counted)


def _matches(word: str) -> Q:
    found = Q(search_text__contains=word.lower())
    short_id = SHORT_ID.match(word)
    if short_id:
        prefix, number = short_id.groups()
        found |= Q(project__short_prefix=prefix.upper(), number=int(number))
    return found


def _seen_in(environment: str, issues: IssueQuerySet) -> IssueQuerySet:
    keys = TagCount.objects.filter(key=TagCount.ENVIRONMENT, value=environment)
    few = list(keys.values_list("grouping_key_id", flat=True)[: RARE_KEYS + 1])
    if len(few) <= RARE_KEYS:
        return issues.filter(pk__in=GroupingKey.objects.filter(pk__in=few).values("issue"))
    # A sum, as the database would turn an EXISTS into a join with every key.
    return issues.filter(GreaterThan(_events_in(environment), 0))


def _events_in(environment: str) -> Coalesce:
    keys = GroupingKey.objects.filter(issue=OuterRef(OuterRef("pk"))).values("pk")
    counts = TagCount.objects.filter(
        grouping_key_id__in=keys, key=TagCount.ENVIRONMENT, value=environment
    )
    # One group of all rows: aggregate() could not refer to the outer query.
    total = counts.annotate(all=Value(1)).values("all").annotate(total=Sum("count")).values("total")
    return Coalesce(Subquery(total), 0)


def count_by_status(issues: IssueQuerySet, chosen: IssueFilter) -> dict[str, int]:
    """How many issues the filter leaves of each status, counted no further than MAX_LISTED.

    Of a narrow filter the statuses that are not shown are counted up to MAX_COUNTED.
    """
    narrowed = chosen.narrow(issues)
    return {
        status: _count(narrowed.filter(status=status), chosen.limit_of(status))
        for status in Issue.Status.values
    }


def _count(issues: IssueQuerySet, limit: int) -> int:
    # In the order of an index: without one the database would rather read the table.
    return issues.order_by("-last_seen_hour")[:limit].count()
