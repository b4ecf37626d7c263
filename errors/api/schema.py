"""What the API's document says of stored envelopes."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts.api.schema import INVALID, UNAUTHORISED, answer, path_id, refusal

DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET = 50, 200, 10_000
MAX_ID = 2**53 - 1


class EnvelopeItemSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """One item of an envelope."""

    id = serializers.IntegerField()
    event_id = serializers.IntegerField(help_text="The `id` of its envelope.")
    item_id = serializers.IntegerField(help_text="Its place in the envelope, from 0.")
    payload = serializers.CharField(help_text="The scrubbed copy; bytes that are no text: �.")


class EnvelopeSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """An accepted envelope."""

    id = serializers.IntegerField()
    project_id = serializers.IntegerField()
    event_id = serializers.CharField(allow_null=True, help_text="The event's, 32 hex digits.")
    sent_at = serializers.CharField(allow_null=True, help_text="As its header says it.")
    dsn = serializers.CharField(allow_null=True, help_text="As its header says it.")
    items = EnvelopeItemSerializer(many=True)


def _number(name: str, least: int, most: int, meaning: str) -> OpenApiParameter:
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=meaning)


_PAGE = [
    _number("limit", 1, MAX_LIMIT, "How many at most: 50 unless said otherwise, 200 at most."),
    _number("offset", 0, MAX_OFFSET, "How many of the newest to leave out, up to 10,000."),
    _number("before", 0, MAX_ID, "Only those with a smaller `id`; see the header `Link`."),
]
_LISTED: dict[str, Any] = {
    "tags": ["Stored envelopes"],
    "description": (
        "Newest first. The header `Link` names the next page while there is more; a page may hold"
        " fewer than `limit`."
    ),
}
_ROW_ID = 114250223046656
_ENVELOPE = {
    "id": _ROW_ID,
    "project_id": 1,
    "event_id": "9ec79c33ec9942ab8353589fcb2e04dc",
    "sent_at": "2026-11-20T10:00:00Z",
    "dsn": None,
    "items": [{"id": _ROW_ID, "event_id": _ROW_ID, "item_id": 0, "payload": '{"level":"error"}'}],
}
_AWAY = refusal(
    "The storage of payloads does not answer.", "The storage of payloads does not answer"
)
LIST_ENVELOPES: dict[str, Any] = {
    **_LISTED,
    "operation_id": "list_envelopes",
    "summary": "List stored envelopes of one's projects",
    "parameters": _PAGE,
    "responses": {
        200: answer(EnvelopeSerializer(many=True), "Envelopes.", [_ENVELOPE]),
        401: UNAUTHORISED,
        422: INVALID,
        503: _AWAY,
    },
}
LIST_PROJECT_ENVELOPES: dict[str, Any] = {
    **_LISTED,
    "operation_id": "list_project_envelopes",
    "summary": "List stored envelopes of a project",
    "parameters": [path_id("project_id", "The project's id"), *_PAGE],
    "responses": {
        **LIST_ENVELOPES["responses"],
        404: refusal("No project of this id, or none that you may see.", "Project not found"),
    },
}
