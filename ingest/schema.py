"""What the API's document says of the addresses that applications send to."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.views import APIView

from accounts.api.serializers import RefusalSerializer

View = TypeVar("View", bound=APIView)
_METHODS = ("get", "head", "put", "patch", "delete", "post")
KEY_ID = "9ec79c33ec9942ab8353589fcb2e04dc"


class AcceptedSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """The message is on disk."""

    id = serializers.CharField(required=False, help_text="The event's, where there is one.")


class StoredSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """The message is on disk, by this number among the stored envelopes."""

    message = serializers.CharField()
    envelope_id = serializers.IntegerField()
    id = serializers.CharField(allow_null=True, help_text="The event's, where there is one.")


class IngestRefusalSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """Why nothing was taken; `X-Sentry-Error` has the sentence, too."""

    detail = serializers.CharField()
    causes = serializers.ListField(child=serializers.CharField())


class UserReportSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """What a person says of a crash."""

    comments = serializers.CharField()
    name = serializers.CharField(required=False)
    email = serializers.EmailField(required=False)


class NamedByAddress(AutoSchema):
    """Names an operation after its whole address: some views have several."""

    def get_operation_id(self) -> str:
        words = re.findall(r"[a-z]\w*", self.path.removeprefix("/api/{project}"))
        return "_".join(["send" if self.method == "POST" else "send_by_address", *words])


def documented(**operations: dict[str, Any]) -> Callable[[type[View]], type[View]]:
    """Describe the methods of an accept view that are meant; it refuses the others itself."""
    described = {name: extend_schema(**{**_SHARED, **said}) for name, said in operations.items()}
    hidden = {name: extend_schema(exclude=True) for name in _METHODS if name not in operations}
    describe: Callable[[type[View]], type[View]] = extend_schema_view(**described, **hidden)
    return describe


def _refused(meaning: str) -> OpenApiResponse:
    return OpenApiResponse(IngestRefusalSerializer, meaning)


REFUSALS = {
    400: _refused("It cannot be read, or the project's id is no number."),
    401: _refused("No public key, a malformed one, or two that disagree."),
    403: _refused(
        "The key is unknown, revoked or another project's; or the origin is not allowed."
    ),
    413: _refused("It is too large, as sent or once opened."),
    415: _refused("The content coding is not known."),
    429: _refused("A limit is reached; `Retry-After` and `X-Sentry-Rate-Limits` say for how long."),
    503: _refused("The site cannot take it now; `Retry-After` says when to come again."),
}
ACCEPTED = OpenApiResponse(
    AcceptedSerializer,
    "It is on disk.",
    examples=[OpenApiExample("An event", {"id": KEY_ID})],
)
PROJECT = OpenApiParameter(
    "project", OpenApiTypes.INT64, OpenApiParameter.PATH, description="The number in the DSN"
)
# A job that cannot check in looks as if it had not run.
NEVER_LIMITED = {status: said for status, said in REFUSALS.items() if status != 429}
_SHARED: dict[str, Any] = {
    "tags": ["Sending"],
    "auth": [{"publicKey": []}, {"publicKeyInQuery": []}],
    "parameters": [PROJECT],
}
ENVELOPE: dict[str, Any] = {
    "operation_id": "send_envelope",
    "summary": "Send an envelope",
    "description": (
        "A header line, then a header line and a payload for each item. `Content-Encoding` may be"
        " gzip, deflate, br or zstd."
    ),
    "request": {"application/x-sentry-envelope": OpenApiTypes.BINARY},
    "responses": {200: ACCEPTED, **REFUSALS},
}
STORED_ENVELOPE: dict[str, Any] = {
    **ENVELOPE,
    "operation_id": "store_envelope",
    "summary": "Send an envelope, and learn its number",
    "responses": {
        200: OpenApiResponse(
            StoredSerializer,
            "It is on disk.",
            examples=[
                OpenApiExample(
                    "An event",
                    {
                        "message": "Envelope stored successfully",
                        "envelope_id": 114250223046656,
                        "id": KEY_ID,
                    },
                )
            ],
        ),
        **REFUSALS,
        400: OpenApiResponse(
            RefusalSerializer,
            "It cannot be read, or the project's id is no number.",
            examples=[OpenApiExample("Unreadable", {"detail": "Invalid envelope format"})],
        ),
    },
}
STORE: dict[str, Any] = {
    "operation_id": "send_event",
    "summary": "Send one event as JSON",
    "description": "As old SDKs do; `Content-Encoding` as for envelopes.",
    "request": {"application/json": OpenApiTypes.OBJECT},
    "responses": {200: ACCEPTED, **REFUSALS},
}
STORE_BY_ADDRESS: dict[str, Any] = {
    "operation_id": "send_event_by_address",
    "summary": "Send one event in an address",
    "description": "The oldest way: an image whose address holds the event.",
    "parameters": [
        PROJECT,
        OpenApiParameter(
            "sentry_data", OpenApiTypes.STR, description="JSON, or base64 of zlib of it"
        ),
    ],
    "responses": {(200, "image/gif"): OpenApiTypes.BINARY, **REFUSALS},
}

_EMPTY = OpenApiResponse(OpenApiTypes.OBJECT, "Taken.")


def _named(name: str, meaning: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.PATH, description=meaning)


def _asked(name: str, meaning: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.QUERY, description=meaning)


SECURITY: dict[str, Any] = {
    "summary": "Report what a browser refused",
    "description": "Content security policy, network errors, certificates.",
    "parameters": [
        PROJECT,
        _asked("sentry_release", "The release that the report is counted for"),
        _asked("sentry_environment", "The environment that the report is counted for"),
    ],
    "request": {
        "application/csp-report": OpenApiTypes.OBJECT,
        "application/reports+json": OpenApiTypes.OBJECT,
        "application/json": OpenApiTypes.OBJECT,
    },
    "responses": {200: ACCEPTED, **REFUSALS},
}
MINIDUMP: dict[str, Any] = {
    "operation_id": "send_minidump",
    "summary": "Send a native crash",
    "description": "A form with the dump as `upload_file_minidump`; answers the event's id.",
    "request": {"multipart/form-data": OpenApiTypes.OBJECT},
    "responses": {(200, "text/plain"): OpenApiTypes.UUID, **REFUSALS},
}
ATTACHMENTS: dict[str, Any] = {
    "operation_id": "send_attachments",
    "summary": "Send files of an event",
    "parameters": [PROJECT, _named("event", "The event's id, 32 hex digits")],
    "request": {"multipart/form-data": OpenApiTypes.OBJECT},
    "responses": {200: ACCEPTED, **REFUSALS},
}
_MONITOR = [
    PROJECT,
    _named("monitor", "What the job is called"),
]
CHECK_IN: dict[str, Any] = {
    "summary": "Say how a job goes",
    "parameters": _MONITOR,
    "request": {"application/json": OpenApiTypes.OBJECT},
    "responses": {202: _EMPTY, **NEVER_LIMITED},
}
CHECK_IN_BY_ADDRESS: dict[str, Any] = {
    "summary": "Say how a job goes, by an address alone",
    "parameters": [
        *_MONITOR,
        _asked("status", "`in_progress`, `ok` or `error`"),
        _asked("check_in_id", "Which run it is"),
        _asked("environment", "Where it runs"),
        _asked("duration", "Seconds that it took"),
    ],
    "responses": {202: _EMPTY, **NEVER_LIMITED},
}
OTLP: dict[str, Any] = {
    "summary": "Send OpenTelemetry's traces or logs",
    "parameters": [PROJECT],
    "request": {
        "application/x-protobuf": OpenApiTypes.BINARY,
        "application/json": OpenApiTypes.OBJECT,
    },
    "responses": {200: _EMPTY, **REFUSALS},
}
_DIALOG = [
    _asked("dsn", "The project's, with its public key"),
    _asked("eventId", "The event that it is about"),
]
CRASH_DIALOG: dict[str, Any] = {
    "operation_id": "show_crash_dialog",
    "summary": "The script of the crash-report dialog",
    "description": "For a page of the application; `title`, `labelName` and so on change words.",
    "auth": [],
    "parameters": _DIALOG,
    "responses": {(200, "text/javascript"): OpenApiTypes.STR, **REFUSALS},
}
USER_REPORT: dict[str, Any] = {
    "operation_id": "send_user_report",
    "summary": "Send what a person says of an event",
    "auth": [],
    "parameters": _DIALOG,
    "request": {"application/x-www-form-urlencoded": UserReportSerializer},
    "responses": {200: ACCEPTED, **REFUSALS},
}
