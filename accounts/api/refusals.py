"""What programs that ask wrongly are told: a 422 in the shape of the replaced interface."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError as ModelValidationError
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response

_MISSING = ("Field required", "missing")
_NO_TEXT = ("Input should be a valid string", "string_type")


class Conflict(APIException):
    """What was asked for contradicts what is there."""

    status_code = 409
    default_code = "conflict"


class NotFound(APIException):
    """There is nothing of this id that the person may see; the detail says nothing of what."""

    status_code = 404
    default_code = "not_found"


def unprocessable(error: ValidationError, place: str) -> Response:
    """422 with each field of the "body" or "query" that is missing or wrong."""
    return Response({"detail": list(_problems(error.detail, (place,)))}, status=422)


def unreadable(reason: str) -> Response:
    """422 for a body that is no JSON."""
    return Response({"detail": [_problem(("body",), reason, "json_invalid")]}, status=422)


def refused_by_model(error: ModelValidationError) -> ValidationError:
    """A model's own refusal, as one of the request's fields."""
    if hasattr(error, "error_dict"):
        return ValidationError({name: list(texts) for name, texts in error.message_dict.items()})
    return ValidationError(list(error.messages))


def _problems(detail: Any, place: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            is_whole = name in {"non_field_errors", "__all__"}
            yield from _problems(inner, place if is_whole else (*place, str(name)))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _problems(inner, place)
    else:
        yield _described(detail, place)


def _described(detail: ErrorDetail, place: tuple[str, ...]) -> dict[str, Any]:
    if detail.code == "required":
        return _problem(place, *_MISSING)
    if detail.code == "null":
        return _problem(place, *_NO_TEXT)
    return _problem(place, str(detail), "value_error")


def _problem(place: tuple[str, ...], message: str, kind: str) -> dict[str, Any]:
    return {"loc": list(place), "msg": message, "type": kind}
