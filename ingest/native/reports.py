"""What native clients report, checked field by field and made an event. Pure.

Source: the native interfaces' contract, "Native errors and metrics".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from common.jsonio import JsonError, loads
from errors.normalize.limits import CONTEXT_BYTES, DATA_TEXT
from errors.presenters.request import PAGE_METHOD
from ingest.stacks import read_stack

DEFAULT_ENVIRONMENT = "prod"
_MAX_LENGTHS = {"project": 100, "exception_type": 200, "type": 200}
# What may be empty: an exception need not say anything.
_MAY_BE_EMPTY = frozenset({"message", "traceback"})


class ReportError(ValueError):
    """A body that is no report; the text is the answer's detail."""


@dataclass(frozen=True, slots=True)
class Report:
    """One error as a client reported it; what it left out is "", None or the default.

    project: its name; "" where a browser's key says it.
    """

    project: str
    exception_type: str
    message: str
    traceback: str
    environment: str = DEFAULT_ENVIRONMENT
    release: str = ""
    request_url: str = ""
    request_method: str = ""
    request_headers: Any = None
    user_id: str = ""
    extra: Any = None
    session_id: str = ""
    is_browser: bool = False


def read_error(body: bytes) -> Report:
    """Read the body of POST /api/errors. Raises ReportError."""
    given = _read_object(body)
    return Report(
        _required(given, "project"),
        _required(given, "exception_type"),
        _required(given, "message"),
        _required(given, "traceback"),
        environment=_optional(given, "environment") or DEFAULT_ENVIRONMENT,
        request_url=_optional(given, "request_url"),
        request_method=_optional(given, "request_method"),
        request_headers=given.get("request_headers"),
        user_id=_optional(given, "user_id"),
        extra=given.get("extra"),
    )


def read_browser_error(body: bytes) -> Report:
    """Read the body of POST /api/browser/errors; its key says the project. Raises ReportError."""
    given = _read_object(body)
    context = given.get("context")
    agent = _optional(given, "user_agent")
    return Report(
        "",
        _required(given, "type"),
        _required(given, "message"),
        _optional(given, "stack"),
        environment=_optional(given, "environment") or DEFAULT_ENVIRONMENT,
        release=_optional(given, "release"),
        request_url=_optional(given, "url"),
        request_method=PAGE_METHOD,
        request_headers={"User-Agent": agent} if agent else None,
        user_id=_optional(context, "user_id") if isinstance(context, dict) else "",
        extra=context,
        session_id=_optional(given, "session_id"),
        is_browser=True,
    )


def read_project(body: bytes) -> str:
    """Read the body of POST /api/dsn-keys: the project's name. Raises ReportError."""
    return _required(_read_object(body), "project")


def event_of(report: Report, *, event_id: str) -> dict[str, Any]:
    """The report as an event of the protocol that all others come by."""
    stack = read_stack(report.traceback)
    event: dict[str, Any] = {
        "event_id": event_id,
        "platform": "javascript" if report.is_browser else stack.platform,
        "level": "error",
        "environment": report.environment,
        "exception": {"values": _exceptions(report, stack.as_values())},
        "contexts": _contexts(report, has_frames=bool(stack.exceptions)),
    }
    request = {
        "url": report.request_url,
        "method": report.request_method,
        "headers": report.request_headers,
    }
    if any(request.values()):
        event["request"] = {name: part for name, part in request.items() if part}
    if report.user_id:
        event["user"] = {"id": report.user_id}
    if report.release:
        event["release"] = report.release
    if report.extra is not None:
        event["extra"] = report.extra if isinstance(report.extra, dict) else {"extra": report.extra}
    return event


def _exceptions(report: Report, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the traceback; the newest is called what the client calls it."""
    newest = found[-1] if found else {}
    named = {"type": report.exception_type, "value": report.message}
    return [*found[:-1], {**newest, **named}]


def _contexts(report: Report, *, has_frames: bool) -> dict[str, Any]:
    """What an event has no field for: the text itself, and whether `extra` was no object."""
    about: dict[str, Any] = {}
    if text := _kept_text(report.traceback, has_frames=has_frames):
        about["traceback"] = text
    if report.extra is not None and not isinstance(report.extra, dict):
        about["is_extra_bare"] = True
    contexts = {"report": about} if about else {}
    return contexts | ({"session": {"id": report.session_id}} if report.session_id else {})


def _kept_text(text: str, *, has_frames: bool) -> str:
    """The text where it fits; else its end where there are no frames to write it anew from."""
    if len(text) <= DATA_TEXT and len(orjson.dumps(text)) <= CONTEXT_BYTES - 100:
        return text
    # Six bytes are the most that a character takes.
    return "" if has_frames else text[-(CONTEXT_BYTES // 6 - 100) :]


def _read_object(body: bytes) -> dict[str, Any]:
    try:
        given = loads(body)
    except JsonError as error:
        raise ReportError("Invalid JSON") from error
    if not isinstance(given, dict):
        raise ReportError("Request body must be a JSON object")
    return given


def _required(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not (value or name in _MAY_BE_EMPTY):
        raise ReportError(f"Missing required field: {name}")
    limit = _MAX_LENGTHS.get(name)
    if limit is not None and len(value) > limit:
        raise ReportError(f"Field '{name}' exceeds maximum length of {limit} characters")
    return value


def _optional(given: Mapping[str, Any], name: str) -> str:
    """The text, or the number as one; "" for anything else."""
    value = given.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number or isinstance(value, str) else ""
