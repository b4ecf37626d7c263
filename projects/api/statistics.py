"""A project's statistics over REST: what became of all that was sent to it."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import RestView, asking
from accounts.api.refusals import NotFound
from accounts.token_auth import ErrorsScope
from common.data_categories import CATEGORIES
from common.text import read_id
from projects.api import schema
from projects.models import Project
from projects.statistics.outcomes import hour_at
from projects.statistics.read import InHour, read_hours, read_totals

INTERVALS = {"hour": 1, "day": 24}
MAX_INTERVALS = 2_200
DEFAULT_SPAN = timedelta(days=1)
# Hours are counted from here on; a day before the first year there is no moment.
FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


class StatisticsQuerySerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """Which hours are wanted; both ends are moved to whole intervals, in UTC."""

    since = serializers.DateTimeField(required=False, default_timezone=UTC)
    until = serializers.DateTimeField(required=False, default_timezone=UTC)
    interval = serializers.ChoiceField(choices=list(INTERVALS), default="hour")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Fill in what is absent: the day that ends now."""
        latest = timezone.now() + timedelta(hours=1)
        until = min(given.get("until") or timezone.now(), latest)
        if until < FIRST_MOMENT:
            raise serializers.ValidationError("until must be in 1970 or later")
        since = given.get("since") or until - DEFAULT_SPAN
        length_h = INTERVALS[given["interval"]]
        first = hour_at(since.timestamp()) // length_h
        last = -(-_hours_up_to(until) // length_h)
        if not 0 < last - first <= MAX_INTERVALS:
            raise serializers.ValidationError(
                f"since must be before until, by at most {MAX_INTERVALS} intervals"
            )
        return {**given, "first": first, "last": last, "length_h": length_h}


class StatisticsView(RestView):
    """One project's numbers, for everybody in it."""

    authentication_classes = (*RestView.authentication_classes, SessionAuthentication)
    permission_classes = (ErrorsScope,)

    @extend_schema(**schema.GET_STATISTICS)
    def get(self, request: Request, project_id: str) -> Response:
        projects = Project.objects.visible_to(asking(request))
        project = projects.filter(pk=read_id(project_id) or 0).first()
        if project is None:
            raise NotFound("Project not found")
        wanted = StatisticsQuerySerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return Response(_present(project.pk, wanted.validated_data))


def _present(project_id: int, wanted: dict[str, Any]) -> dict[str, Any]:
    first, last, length_h = wanted["first"], wanted["last"], wanted["length_h"]
    hours = {"since_hour": first * length_h, "until_hour": last * length_h}
    by_interval = _by_interval(read_hours(project_id, CATEGORIES, **hours), length_h)
    return {
        "project": project_id,
        "interval": wanted["interval"],
        "since": _moment(first * length_h),
        "until": _moment(last * length_h),
        "intervals": [
            {"start": _moment(number * length_h), "outcomes": by_interval.get(number, {})}
            for number in range(first, last)
        ],
        "totals": [total._asdict() for total in sorted(read_totals(project_id, **hours))],
    }


def _by_interval(hours: list[InHour], length_h: int) -> dict[int, dict[str, dict[str, int]]]:
    found: dict[int, dict[str, dict[str, int]]] = defaultdict(dict)
    for hour in hours:
        outcomes = found[hour.hour // length_h]
        categories = outcomes.setdefault(hour.outcome, {})
        categories[hour.category] = categories.get(hour.category, 0) + hour.quantity
    return found


def _hours_up_to(moment: datetime) -> int:
    return -(-int(moment.timestamp()) // 3600)


def _moment(hour: int) -> str:
    return datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
