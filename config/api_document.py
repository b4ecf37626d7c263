"""The OpenAPI document: made once for each process, from the views and what stands before them."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

# Ways to say who one is that are no authentication class of a view.
_SCHEMES = {
    "publicKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Sentry-Auth",
        "description": "`Sentry sentry_version=7, sentry_key=<public key>`",
    },
    "publicKeyInQuery": {"type": "apiKey", "in": "query", "name": "sentry_key"},
}


@cache
def api_document() -> bytes:
    """The document as JSON."""
    # Any: it has no types.
    generator: Any = SchemaGenerator
    schema = generator().get_schema(request=None, public=True)
    return bytes(OpenApiJsonRenderer().render(schema))


Endpoint = tuple[str, str, str, Any]


def spell_out(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Give a view each of the addresses that it names itself, in place of one expression.

    Others are written without the last slash, unless the view says that clients know it with one.
    A hook of drf-spectacular: takes and gives (path, expression, method, view) of each endpoint.
    """
    return [
        (path, expression, method, view)
        for found, expression, method, view in endpoints
        for path in getattr(view.cls, "documented_as", ()) or (_as_known(found, view.cls),)
    ]


def _as_known(path: str, view: Any) -> str:
    return path if getattr(view, "ends_in_slash", False) else path.rstrip("/")


def describe_rest(
    result: dict[str, Any], generator: SchemaGenerator, request: None, public: bool
) -> dict[str, Any]:
    """Add the ways to authenticate and the addresses that answer before any view.

    A hook of drf-spectacular: takes the whole document and gives it back.
    """
    schemes = result.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes.update(_SCHEMES)
    for operations in result["paths"].values():
        for operation in operations.values():
            _close(operation)
    result["paths"].update(_HEALTH_PATHS)
    return result


def _close(operation: dict[str, Any]) -> None:
    """Do not call open what answers 401: some views look at keys themselves."""
    if "401" in operation["responses"] and "security" in operation:
        operation["security"] = [way for way in operation["security"] if way]


def _health(summary: str, answers: dict[str, Any], operation_id: str) -> dict[str, Any]:
    return {
        "get": {
            "operationId": operation_id,
            "summary": summary,
            "tags": ["Health"],
            "security": [{}],
            "responses": answers,
        }
    }


def _json_answer(description: str, example: dict[str, Any]) -> dict[str, Any]:
    content = {"schema": {"type": "object"}, "example": example}
    return {"description": description, "content": {"application/json": content}}


_NOT_READY = {
    "status": "not ready",
    "parts": {"database": {"ok": False, "error": "does not answer", "since": None}},
}
_HEALTH_PATHS = {
    "/health": _health(
        "Whether this process serves",
        {"200": _json_answer("It does.", {"status": "ok"})},
        "health",
    ),
    "/health/": _health(
        "The same, in the words of an older interface",
        {"200": _json_answer("It does.", {"status": "OK"})},
        "health_with_slash",
    ),
    "/ready": _health(
        "What the site needs, and how it is",
        {
            "200": _json_answer("All is well.", {"status": "ready", "parts": {}}),
            "503": _json_answer("Something is away.", _NOT_READY),
        },
        "ready",
    ),
}
