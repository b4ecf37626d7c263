"""Simple events: the body of POST /api/v1/events, checked as its clients expect. Pure.

Source: the native interfaces' contract, "Simple events". The faults are worded as FastAPI's were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from common.jsonio import JsonError, loads
from errors.normalize.times import parse_time
from ingest.stacks import read_stack

Fault = dict[str, Any]
_MISSING = ("field required", "value_error.missing")
_NULL = ("none is not an allowed value", "type_error.none.not_allowed")
_NO_TEXT = ("str type expected", "type_error.str")
_NO_INTEGER = ("value is not a valid integer", "type_error.integer")
_NO_OBJECT = ("value is not a valid dict", "type_error.dict")
# A statement of a database takes no larger number.
_MAX_STATUS = 2**31


class SimpleEventError(ValueError):
    """A body that is no simple event; `faults` is the answer's detail, [{loc, msg, type}]."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("unprocessable")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class SimpleEvent:
    """One event; `occurred_at` is unix seconds, that of its arrival where it names no time."""

    project_key: str
    message: str
    stack: str
    method: str
    path: str
    status_code: int | None
    occurred_at: float

    @property
    def timestamp(self) -> str:
        """When it happened, in UTC and without a zone: 2024-01-15T12:00:00."""
        return datetime.fromtimestamp(self.occurred_at, UTC).replace(tzinfo=None).isoformat()


def read_simple_event(body: bytes, *, now: float) -> SimpleEvent:
    """Read a body that arrived `now` (unix seconds). Raises SimpleEventError."""
    given = _read_object(body)
    faults: list[Fault] = []
    texts = {
        name: _read_text(given, name, faults, is_required=name in ("project_key", "message"))
        for name in ("project_key", "message", "stack", "method", "path")
    }
    status_code = _read_status(given, faults)
    if faults:
        raise SimpleEventError(faults)
    seconds = parse_time(given.get("timestamp"))
    at = float(int(now)) if seconds is None or not _is_moment(seconds) else seconds
    return SimpleEvent(**texts, status_code=status_code, occurred_at=at)


def simple_event_of(given: SimpleEvent, *, event_id: str) -> dict[str, Any]:
    """The simple event as one of the protocol that all others come by."""
    stack = read_stack(given.stack)
    event: dict[str, Any] = {
        "event_id": event_id,
        "timestamp": given.occurred_at,
        "platform": stack.platform,
        "level": "error",
        "transaction": given.path,
        "request": {"method": given.method, "url": given.path},
    }
    if stack.exceptions:
        event["exception"] = {"values": _exceptions(given, stack.as_values())}
    else:
        event["message"] = given.message
        if given.stack:
            event["extra"] = {"stack": given.stack}
    if given.status_code is not None:
        event["contexts"] = {"response": {"status_code": given.status_code}}
    return event


def _exceptions(given: SimpleEvent, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the stack; the newest says what the event does, unless that repeats its type."""
    newest = found[-1]
    said = given.message.removeprefix(f"{newest.get('type', '')}: ")
    return [*found[:-1], {**newest, "value": said}]


def _is_moment(seconds: float) -> bool:
    try:
        datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return False
    return True


def _read_object(body: bytes) -> Mapping[str, Any]:
    if not body.strip():
        raise SimpleEventError([_fault(["body"], *_MISSING)])
    try:
        given = loads(body)
    except JsonError as error:
        text = str(error)
        raise SimpleEventError(
            [_fault(["body", error.position], text, "value_error.jsondecode")]
        ) from error
    if not isinstance(given, dict):
        raise SimpleEventError([_fault(["body"], *_NO_OBJECT)])
    return given


def _read_text(
    given: Mapping[str, Any], name: str, faults: list[Fault], *, is_required: bool
) -> str:
    value = given.get(name)
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if value is not None:
        faults.append(_fault(["body", name], *_NO_TEXT))
    elif is_required:
        faults.append(_fault(["body", name], *(_NULL if name in given else _MISSING)))
    return ""


def _read_status(given: Mapping[str, Any], faults: list[Fault]) -> int | None:
    value = given.get("status_code")
    if value is None:
        return None
    is_text = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10
    if is_text or (isinstance(value, int | float) and abs(value) < _MAX_STATUS):
        return int(value)
    faults.append(_fault(["body", "status_code"], *_NO_INTEGER))
    return None


def _fault(loc: list[str | int], msg: str, type_: str) -> Fault:
    return {"loc": loc, "msg": msg, "type": type_}
