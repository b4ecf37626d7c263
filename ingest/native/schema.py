"""What the API's document says of what native clients send."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts.api.schema import INVALID
from errors.native.schema import TAGS
from projects.native_schema import (
    NOT_FOUND,
    READS,
    TOO_LARGE,
    UNAUTHORISED,
    WRITES,
    example,
    query,
    refusal,
)


class ReportSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """An error of an application."""

    project = serializers.CharField(max_length=100)
    exception_type = serializers.CharField(max_length=200)
    message = serializers.CharField(allow_blank=True)
    traceback = serializers.CharField(allow_blank=True)
    environment = serializers.CharField(default="prod")
    request_url = serializers.CharField(required=False)
    request_method = serializers.CharField(required=False)
    request_headers = serializers.DictField(child=serializers.CharField(), required=False)
    user_id = serializers.CharField(required=False)
    extra = serializers.JSONField(required=False)


class BrowserReportSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """An error of a page."""

    type = serializers.CharField(max_length=200)
    message = serializers.CharField(allow_blank=True)
    stack = serializers.CharField(required=False)
    url = serializers.CharField(required=False)
    user_agent = serializers.CharField(required=False)
    session_id = serializers.CharField(required=False)
    release = serializers.CharField(required=False)
    environment = serializers.CharField(default="prod")
    context = serializers.JSONField(required=False)  # type: ignore[assignment]  # a field's own


class RecordedSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """What became of it."""

    status = serializers.ChoiceField(["created", "incremented", "reopened"])
    id = serializers.IntegerField(help_text="The error's.")
    fingerprint = serializers.CharField(required=False, help_text="Of a new one.")
    count = serializers.IntegerField(required=False, help_text="Of a known one.")


class SimpleEventSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """An event in the fewest words."""

    project_key = serializers.CharField()
    message = serializers.CharField()
    stack = serializers.CharField(required=False)
    method = serializers.CharField(required=False)
    path = serializers.CharField(required=False, help_text="The route.")
    status_code = serializers.IntegerField(required=False)
    timestamp = serializers.CharField(required=False, help_text="Unreadable or absent: now.")


class SimpleAnswerSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """The event is on disk."""

    id = serializers.IntegerField()
    timestamp = serializers.CharField(help_text="In UTC, without a zone.")
    message = serializers.CharField()


class ProjectNamesSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """Names, each once."""

    projects = serializers.ListField(child=serializers.CharField())


class StatusSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """What was done."""

    status = serializers.CharField()


class NewDsnKeySerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """For whom a key is."""

    project = serializers.CharField(max_length=100)


class MadeDsnKeySerializer(NewDsnKeySerializer):
    """A new key."""

    public_key = serializers.CharField()


class DsnKeySerializer(MadeDsnKeySerializer):
    """A key with what is known of it."""

    id = serializers.IntegerField()
    active = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class DsnKeysSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """Keys, oldest first."""

    keys = DsnKeySerializer(many=True)


_RECORDED = {
    200: example(RecordedSerializer, "Counted.", {"status": "incremented", "id": 41, "count": 7}),
    201: example(
        RecordedSerializer,
        "New, or back again.",
        {"status": "created", "id": 41, "fingerprint": "9ec79c33ec9942ab8353589fcb2e04dc"},
    ),
}
_BAD_BODY = refusal(
    "The body is no such object.",
    "Invalid JSON",
    "Request body must be a JSON object",
    "Missing required field: project",
    "Field 'project' exceeds maximum length of 100 characters",
)
REPORT: dict[str, Any] = {
    **TAGS,
    "operation_id": "report_error",
    "summary": "Report an error",
    "description": "Answers once the error is counted. A project's key reports to its project.",
    "request": ReportSerializer,
    "responses": {**_RECORDED, 400: _BAD_BODY, **WRITES},
}
PROJECTS: dict[str, Any] = {
    **TAGS,
    "operation_id": "list_project_names",
    "summary": "List the names of projects",
    "responses": {200: ProjectNamesSerializer, **READS},
}
TEST_ALERT: dict[str, Any] = {
    **TAGS,
    "operation_id": "send_test_alert",
    "summary": "Say something on every channel of notifications",
    "request": None,
    "responses": {
        202: StatusSerializer,
        401: UNAUTHORISED,
        503: refusal("There is none.", "No alert channel is configured"),
    },
}
_BROWSERS: dict[str, Any] = {"tags": ["Browser relay"]}
_DSN_KEY = OpenApiParameter(
    "key_id", OpenApiTypes.INT64, OpenApiParameter.PATH, description="Its id"
)
LIST_DSN_KEYS: dict[str, Any] = {
    **_BROWSERS,
    "operation_id": "list_dsn_keys",
    "summary": "List the keys that browsers send with",
    "responses": {200: DsnKeysSerializer, **READS},
}
MAKE_DSN_KEY: dict[str, Any] = {
    **_BROWSERS,
    "operation_id": "create_dsn_key",
    "summary": "Make such a key",
    "request": NewDsnKeySerializer,
    "responses": {201: MadeDsnKeySerializer, 400: _BAD_BODY, **WRITES},
}
REVOKE_DSN_KEY: dict[str, Any] = {
    **_BROWSERS,
    "operation_id": "delete_dsn_key",
    "summary": "Revoke such a key",
    "parameters": [_DSN_KEY],
    "responses": {200: StatusSerializer, 404: NOT_FOUND, **READS},
}
BROWSER_REPORT: dict[str, Any] = {
    **_BROWSERS,
    "operation_id": "report_browser_error",
    "summary": "Report an error of a page",
    "description": "With the public key of a DSN in `X-Monlight-Key` or `?key=`, from any origin"
    " that its project allows.",
    "auth": [{}],
    "parameters": [
        OpenApiParameter("X-Monlight-Key", OpenApiTypes.STR, OpenApiParameter.HEADER),
        query("key", "The same, for pages that close"),
    ],
    "request": BrowserReportSerializer,
    "responses": {
        **_RECORDED,
        400: _BAD_BODY,
        403: refusal("The project does not take this origin.", "Origin not allowed"),
        **WRITES,
    },
}
SIMPLE: dict[str, Any] = {
    "tags": ["Simple events"],
    "operation_id": "send_simple_event",
    "summary": "Send a simple event",
    "description": "The `project_key` is a project's simple key or a DSN's public key; an unknown"
    " one makes a project, unless the site's settings forbid it.",
    "auth": [{}],
    "request": SimpleEventSerializer,
    "responses": {
        200: SimpleAnswerSerializer,
        404: refusal("Nobody knows the key.", "Unknown project_key"),
        413: TOO_LARGE,
        422: INVALID,
        429: WRITES[429],
        503: WRITES[503],
    },
}
