"""What a native client asks of the list of errors."""

import math
from datetime import UTC, datetime
from typing import Any

from django import forms
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, Filter, FilterSet

from common.text import clean_text
from errors.models import GroupingKey, Issue, IssueSession
from errors.models.issue import IssueQuerySet
from errors.native.objects import BROWSER
from errors.normalize.times import parse_time
from errors.queries.issues import IssueFilter
from errors.tags import hash_session
from projects.models import Project

MAX_TEXT = 200
SOURCES = [("browser", "browser"), ("server", "server")]


class MomentField(forms.Field):
    """A time as clients write it: RFC 3339, UTC without a zone, or unix seconds."""

    def to_python(self, value: Any) -> datetime | None:
        """Raises ValidationError for what is no time, or none that a database can hold."""
        if value in self.empty_values:
            return None
        seconds = parse_time(value)
        try:
            # NaN is no moment either.
            return datetime.fromtimestamp(math.nan if seconds is None else seconds, UTC)
        except (OverflowError, OSError, ValueError) as error:
            raise forms.ValidationError("not a time") from error


class MomentFilter(Filter):  # type: ignore[misc]  # as below
    field_class = MomentField


class ErrorFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The filters of GET /api/errors; each is left out when it is empty."""

    project = CharFilter(method="of_project")
    environment = CharFilter(method="seen_in")
    source = ChoiceFilter(choices=SOURCES, method="from_source")
    session_id = CharFilter(method="met_by")
    since = MomentFilter(method="seen_since")
    resolved = BooleanFilter(method="are_resolved")
    search = CharFilter(method="with_words")

    class Meta:
        model = Issue
        fields: list[str] = []

    def of_project(self, issues: IssueQuerySet, name: str, value: str) -> IssueQuerySet:
        """Those of the projects of this name."""
        return issues.filter(project__in=Project.objects.active().named(clean_text(value)))

    def seen_in(self, issues: IssueQuerySet, name: str, value: str) -> IssueQuerySet:
        """Those that happened in this environment."""
        return IssueFilter(environment=clean_text(value)).narrow(issues)

    def seen_since(self, issues: IssueQuerySet, name: str, value: datetime) -> IssueQuerySet:
        """Those that happened at this moment or later."""
        # The index that the list is sorted by knows hours, on SQLite the full ones as the last.
        hour = int(value.timestamp() // 3600)
        return issues.filter(last_seen_hour__gte=hour - 1, last_seen_at__gte=value)

    def from_source(self, issues: IssueQuerySet, name: str, value: str) -> IssueQuerySet:
        """Those of JavaScript, or all others."""
        if value == "browser":
            return issues.filter(platform=BROWSER)
        return issues.exclude(platform=BROWSER)

    def met_by(self, issues: IssueQuerySet, name: str, value: str) -> IssueQuerySet:
        """Those that this browser session met."""
        met = IssueSession.objects.filter(session_hash=hash_session(clean_text(value)))
        keys = GroupingKey.objects.filter(pk__in=met.values("grouping_key_id"))
        return issues.filter(pk__in=keys.values("issue"))

    def are_resolved(self, issues: IssueQuerySet, name: str, value: Any) -> IssueQuerySet:
        """Those that are closed, or those that are not."""
        closed = [status for status in Issue.Status if status != Issue.Status.UNRESOLVED]
        # By name, not as "others": indexes begin with the status.
        return issues.filter(status__in=closed if value else [Issue.Status.UNRESOLVED])

    def with_words(self, issues: IssueQuerySet, name: str, value: str) -> IssueQuerySet:
        """Those that say all of these words."""
        return IssueFilter(text=clean_text(value)[:MAX_TEXT]).narrow(issues)
