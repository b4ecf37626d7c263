"""What the API's document says of signing in and of people."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from accounts.api.serializers import (
    InvalidSerializer,
    LoginSerializer,
    MessageSerializer,
    NewPersonSerializer,
    PersonChangeSerializer,
    PersonSerializer,
    RefreshSerializer,
    RefusalSerializer,
    TokenPairSerializer,
)


class AccessTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the document names an access token; found by drf-spectacular because it exists."""

    target_class = "accounts.api.authentication.AccessTokenAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The `access_token` of `POST /api/v1/auth/login`.",
        }


class ApiTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the document names an API token."""

    target_class = "accounts.token_auth.ApiTokenAuthentication"
    name = "apiToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token, made in your settings; it carries scopes.",
        }


def refusal(meaning: str, detail: str) -> OpenApiResponse:
    """An answer that says why nothing was done, in these words."""
    example = OpenApiExample(detail, {"detail": detail})
    return OpenApiResponse(RefusalSerializer, meaning, examples=[example])


def answer(serializer: Any, meaning: str, example: Any) -> OpenApiResponse:
    """What was asked for, and how it may look."""
    return OpenApiResponse(serializer, meaning, examples=[OpenApiExample(meaning, example)])


def message(text: str) -> OpenApiResponse:
    """An answer that is one sentence."""
    example = OpenApiExample(text, {"message": text})
    return OpenApiResponse(MessageSerializer, text, examples=[example])


INVALID = answer(
    InvalidSerializer,
    "A field is missing or wrong.",
    {"detail": [{"loc": ["body", "name"], "msg": "Field required", "type": "missing"}]},
)
UNAUTHORISED = refusal("No token, or one that is good for nothing.", "Invalid or expired token")
FORBIDDEN = refusal("This person may not do that.", "Only a superuser can do this")
TOO_LARGE = refusal("The body is too large.", "Request body exceeds maximum size")


def path_id(name: str, meaning: str) -> OpenApiParameter:
    """An integer in the address."""
    return OpenApiParameter(name, OpenApiTypes.INT64, OpenApiParameter.PATH, description=meaning)


_PAIR = answer(
    TokenPairSerializer, "A pair of tokens.", {"access_token": "eyJ…", "refresh_token": "eyJ…"}
)
LOGIN: dict[str, Any] = {
    "operation_id": "login",
    "summary": "Sign in",
    "description": "A name (or email) and a password for a pair of tokens. Attempts are limited.",
    "tags": ["Signing in"],
    "auth": [],
    "request": LoginSerializer,
    "responses": {
        200: _PAIR,
        401: refusal("They do not belong together.", "wrong login/password"),
        403: refusal(
            "A one-time password must change first.",
            "Sign in to the site and change the one-time password first",
        ),
        413: TOO_LARGE,
        422: INVALID,
        429: refusal(
            "Too many attempts; `Retry-After` says how long.",
            "Too many failed attempts. Wait five minutes, then try again.",
        ),
    },
}
REFRESH: dict[str, Any] = {
    "operation_id": "refresh_token",
    "summary": "Get the next pair of tokens",
    "tags": ["Signing in"],
    "auth": [],
    "request": RefreshSerializer,
    "responses": {200: _PAIR, 401: UNAUTHORISED, 413: TOO_LARGE, 422: INVALID},
}

_USERS: dict[str, Any] = {"tags": ["Users"]}
_ANA = {"id": 2, "name": "ana", "telegram_chat_id": "12345"}
_USER = answer(PersonSerializer, "The person as they are now.", _ANA)
_NO_USER = refusal("Nobody of this id, or nobody whom you may see.", "User not found")
_TAKEN = refusal("The name is taken.", "A person with this name exists already.")
_USER_ID = [path_id("user_id", "The person's id")]
LIST_USERS: dict[str, Any] = {
    **_USERS,
    "operation_id": "list_users",
    "summary": "List people",
    "description": "Everybody for a superuser; others see themselves.",
    "responses": {200: answer(PersonSerializer(many=True), "People.", [_ANA]), 401: UNAUTHORISED},
}
CREATE_USER: dict[str, Any] = {
    **_USERS,
    "operation_id": "create_user",
    "summary": "Add a person",
    "description": "For superusers.",
    "request": NewPersonSerializer,
    "responses": {
        200: _USER,
        401: UNAUTHORISED,
        403: FORBIDDEN,
        409: _TAKEN,
        413: TOO_LARGE,
        422: INVALID,
    },
}
GET_USER: dict[str, Any] = {
    **_USERS,
    "operation_id": "get_user",
    "summary": "Get a person",
    "parameters": _USER_ID,
    "responses": {200: _USER, 401: UNAUTHORISED, 404: _NO_USER},
}
UPDATE_USER: dict[str, Any] = {
    **_USERS,
    "operation_id": "update_user",
    "summary": "Change a person",
    "description": (
        "What is absent stays. A new password ends every session and token of the person."
    ),
    "parameters": _USER_ID,
    "request": PersonChangeSerializer,
    "responses": {
        200: _USER,
        401: UNAUTHORISED,
        403: refusal("This token may not do that.", "An API token cannot set this password"),
        404: _NO_USER,
        409: _TAKEN,
        413: TOO_LARGE,
        422: INVALID,
    },
}
DELETE_USER: dict[str, Any] = {
    **_USERS,
    "operation_id": "delete_user",
    "summary": "Delete a person",
    "description": "For superusers. Deleting who is not there says the same.",
    "parameters": _USER_ID,
    "responses": {
        200: message("User deleted successfully"),
        401: UNAUTHORISED,
        403: FORBIDDEN,
        409: refusal("A project would be left without an owner.", "Nobody else owns Shop."),
    },
}
