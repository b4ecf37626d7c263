"""What the API's document says of native keys and of how native interfaces refuse."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from accounts.api.serializers import RefusalSerializer


class NativeKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the document names a native key; found by drf-spectacular because it exists."""

    target_class = "projects.native_auth.ErrorsKeyAuthentication"
    name = "nativeKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-API-Key",
            "description": "A native API key, of the site or of a project; also as `?api_key=`.",
        }


class RelayKeyScheme(NativeKeyScheme):  # type: ignore[no-untyped-call]
    """The same key where it manages the browser relay."""

    target_class = "projects.native_auth.BrowserKeyAuthentication"
    name = "relayKey"


class LimitedSerializer(RefusalSerializer):
    """When to come again."""

    retry_after = serializers.IntegerField(help_text="Seconds, as in the header.")


def refusal(meaning: str, *details: str) -> OpenApiResponse:
    """An answer that says why nothing was done, in one of these words."""
    examples = [OpenApiExample(detail, {"detail": detail}) for detail in details]
    return OpenApiResponse(RefusalSerializer, meaning, examples=examples)


def example(serializer: Any, meaning: str, body: dict[str, Any]) -> OpenApiResponse:
    """An answer with what it may look like."""
    return OpenApiResponse(serializer, meaning, examples=[OpenApiExample(meaning, body)])


def query(name: str, meaning: str, type_: Any = OpenApiTypes.STR) -> OpenApiParameter:
    """A parameter of the query, which may be left out."""
    return OpenApiParameter(name, type_, OpenApiParameter.QUERY, description=meaning)


UNAUTHORISED = refusal("No key, or one that does not open this.", "Invalid API key")
NOT_FOUND = refusal("Nothing is there that the key opens.", "Not found")
TOO_LARGE = refusal("The body is too large.", "Request body exceeds maximum size")
LIMITED = example(
    LimitedSerializer,
    "Too many requests; `Retry-After` says how long.",
    {"detail": "Rate limit exceeded", "retry_after": 12},
)
AWAY = refusal("The site cannot do it now; nothing was kept.", "The database cannot be reached")
READS: dict[int, OpenApiResponse] = {401: UNAUTHORISED, 429: LIMITED, 503: AWAY}
WRITES: dict[int, OpenApiResponse] = {**READS, 413: TOO_LARGE}
