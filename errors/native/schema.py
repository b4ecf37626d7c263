"""What the API's document says of the native list of errors."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from projects.native_schema import NOT_FOUND, READS, example, query, refusal


class ErrorSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """An issue as a flat object."""

    id = serializers.IntegerField()
    fingerprint = serializers.CharField(help_text="32 hex digits; stays the same.")
    project = serializers.CharField(help_text="Its name.")
    exception_type = serializers.CharField()
    message = serializers.CharField(help_text="The first line of the newest one.")
    count = serializers.IntegerField()
    first_seen = serializers.DateTimeField()
    last_seen = serializers.DateTimeField()
    resolved = serializers.BooleanField(help_text="Resolved or archived.")
    source = serializers.ChoiceField(["browser", "server"])  # type: ignore[assignment]  # a field's own


class OccurrenceSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """One event of it; null where it has no such part, or nothing is kept of it any more."""

    id = serializers.IntegerField()
    timestamp = serializers.DateTimeField()
    request_url = serializers.CharField(allow_null=True)
    request_method = serializers.CharField(allow_null=True)
    request_headers = serializers.DictField(child=serializers.CharField(), allow_null=True)
    user_id = serializers.CharField(allow_null=True)
    extra = serializers.JSONField(allow_null=True)
    traceback = serializers.CharField()


class ErrorInFullSerializer(ErrorSerializer):
    """The same with its newest events."""

    traceback = serializers.CharField(help_text="That of the newest event.")
    resolved_at = serializers.DateTimeField(allow_null=True)
    occurrences = OccurrenceSerializer(many=True)


class ErrorPageSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """Part of a list."""

    errors = ErrorSerializer(many=True)  # type: ignore[assignment]  # a serializer's own
    total = serializers.IntegerField(help_text="Counted up to 10,000.")
    limit = serializers.IntegerField()
    offset = serializers.IntegerField()


class ResolvedSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """What became of it."""

    status = serializers.CharField()
    id = serializers.IntegerField()


TAGS: dict[str, Any] = {"tags": ["Native errors"]}
ISSUE_ID = OpenApiParameter(
    "issue", OpenApiTypes.INT64, OpenApiParameter.PATH, description="The error's id"
)
LIST: dict[str, Any] = {
    **TAGS,
    "operation_id": "list_errors",
    "summary": "List errors",
    "description": "Last seen first.",
    "parameters": [
        query("project", "The name of a project"),
        query("environment", "Seen in this environment"),
        query("source", "`browser` (JavaScript in pages) or `server`"),
        query("session_id", "Met by this browser session"),
        query("since", "Seen since then: RFC 3339, or unix seconds"),
        query("resolved", "`true` or `false`, which is the default"),
        query("search", "Words of the exception's type, message or place"),
        query("limit", "How many at most: 50 unless said otherwise, 200 at most"),
        query("offset", "How many to leave out"),
    ],
    "responses": {
        200: ErrorPageSerializer,
        400: refusal("A filter makes no sense.", "Invalid parameter: since"),
        **READS,
    },
}
GET: dict[str, Any] = {
    **TAGS,
    "operation_id": "get_error",
    "summary": "Get an error with its newest five occurrences",
    "parameters": [ISSUE_ID],
    "responses": {200: ErrorInFullSerializer, 404: NOT_FOUND, **READS},
}
RESOLVE: dict[str, Any] = {
    **TAGS,
    "operation_id": "resolve_error",
    "summary": "Resolve an error",
    "description": "One that is resolved stays so.",
    "parameters": [ISSUE_ID],
    "request": None,
    "responses": {
        200: example(ResolvedSerializer, "It is resolved.", {"status": "resolved", "id": 41}),
        404: NOT_FOUND,
        **READS,
    },
}
