"""What the API's document says of projects."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts.api.schema import (
    FORBIDDEN,
    INVALID,
    TOO_LARGE,
    UNAUTHORISED,
    answer,
    message,
    path_id,
    refusal,
)
from projects.api.serializers import (
    NewProjectSerializer,
    ProjectChangeSerializer,
    ProjectSerializer,
)

_PROJECTS: dict[str, Any] = {"tags": ["Projects"]}
_PROJECT_ID = [path_id("project_id", "The project's id")]
_SHOP = {"id": 1, "name": "Shop", "lang": "python", "key": "8bc081d194cf7db0b093d3ff90ca232e"}
_PROJECT = answer(ProjectSerializer, "The project as it is now.", _SHOP)
_NO_PROJECT = refusal("No project of this id, or none that you may see.", "Project not found")
LIST_PROJECTS: dict[str, Any] = {
    **_PROJECTS,
    "operation_id": "list_projects",
    "summary": "List projects",
    "description": "One's own; a superuser sees all.",
    "responses": {
        200: answer(ProjectSerializer(many=True), "Projects.", [_SHOP]),
        401: UNAUTHORISED,
    },
}
CREATE_PROJECT: dict[str, Any] = {
    **_PROJECTS,
    "operation_id": "create_project",
    "summary": "Make a project",
    "description": "Whoever makes it owns it. The answer has the key to send with.",
    "request": NewProjectSerializer,
    "responses": {200: _PROJECT, 401: UNAUTHORISED, 413: TOO_LARGE, 422: INVALID},
}
GET_PROJECT: dict[str, Any] = {
    **_PROJECTS,
    "operation_id": "get_project",
    "summary": "Get a project",
    "parameters": _PROJECT_ID,
    "responses": {200: _PROJECT, 401: UNAUTHORISED, 404: _NO_PROJECT},
}
UPDATE_PROJECT: dict[str, Any] = {
    **_PROJECTS,
    "operation_id": "update_project",
    "summary": "Change a project",
    "description": "For managers and owners. What is absent stays.",
    "parameters": _PROJECT_ID,
    "request": ProjectChangeSerializer,
    "responses": {
        200: _PROJECT,
        401: UNAUTHORISED,
        403: FORBIDDEN,
        404: _NO_PROJECT,
        413: TOO_LARGE,
        422: INVALID,
    },
}
DELETE_PROJECT: dict[str, Any] = {
    **_PROJECTS,
    "operation_id": "delete_project",
    "summary": "Delete a project",
    "description": "For owners. Deleting what is not there says the same.",
    "parameters": _PROJECT_ID,
    "responses": {
        200: message("Project deleted successfully"),
        401: UNAUTHORISED,
        403: refusal("This person may not do that.", "Only an owner can delete a project."),
    },
}


class IntervalSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """One hour or day."""

    start = serializers.DateTimeField()
    outcomes = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()),
        help_text="Quantities by outcome, then by category.",
    )


class OutcomeTotalSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """How much had an outcome for a reason, in all intervals together."""

    outcome = serializers.CharField()
    category = serializers.CharField()
    reason = serializers.CharField()
    quantity = serializers.IntegerField()


class StatisticsSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """What became of all that was sent to a project."""

    project = serializers.IntegerField()
    interval = serializers.ChoiceField(choices=["hour", "day"])
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    intervals = IntervalSerializer(many=True)
    totals = OutcomeTotalSerializer(many=True)


def _moment(name: str, meaning: str) -> OpenApiParameter:
    kind = OpenApiTypes.DATETIME
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=meaning)


_STATISTICS = {
    "project": 1,
    "interval": "hour",
    "since": "2026-11-20T09:00:00Z",
    "until": "2026-11-20T10:00:00Z",
    "intervals": [{"start": "2026-11-20T09:00:00Z", "outcomes": {"accepted": {"error": 41}}}],
    "totals": [{"outcome": "accepted", "category": "error", "reason": "", "quantity": 41}],
}
GET_STATISTICS: dict[str, Any] = {
    **_PROJECTS,
    "operation_id": "get_project_statistics",
    "summary": "Count what became of what was sent",
    "description": (
        "By hour or day (UTC), outcome and category. Outcomes: `accepted`, `filtered`, `limited`,"
        " `invalid`, `client_discard` (dropped by the client, as it reports), `quarantined`,"
        " `dropped` (with its project). The categories `attachment` and `log_byte` count bytes."
        " Both ends are moved outwards to whole intervals, of which there are 2,200 at most."
    ),
    "parameters": [
        *_PROJECT_ID,
        _moment("since", "The beginning; a day before `until` unless said otherwise."),
        _moment("until", "The end, now unless said otherwise."),
        OpenApiParameter(
            "interval", OpenApiTypes.STR, OpenApiParameter.QUERY, enum=["hour", "day"]
        ),
    ],
    "responses": {
        200: answer(StatisticsSerializer, "The counts.", _STATISTICS),
        401: UNAUTHORISED,
        404: _NO_PROJECT,
        422: INVALID,
    },
}
