"""What a person wrote, out of the two items that bring it. Pure.

Source: the ingestion contract, "Item types", rows feedback and user_report.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common import jsonio
from common.text import clean_text, one_line, trim

MAX_MESSAGE = 4096
MAX_NAME = 200
MAX_EMAIL = 254
MAX_URL = 2048


@dataclass(frozen=True, slots=True)
class Words:
    """A person's words, within the bounds above. Ids are 32 hex digits or "".

    own_id: the feedback's, by which its screenshots are found; event_id: what it is about.
    """

    message: str
    name: str
    email: str
    url: str
    own_id: str
    event_id: str


def read_feedback(payload: bytes) -> Words | None:
    """Read an event with contexts.feedback; None without a message, or when it is no such thing."""
    event = _object(payload)
    given = _part(_part(event, "contexts"), "feedback")
    user = _part(event, "user")
    return _words(
        message=given.get("message"),
        name=given.get("name") or user.get("name") or user.get("username"),
        email=given.get("contact_email") or user.get("email"),
        url=given.get("url") or _part(event, "request").get("url"),
        own_id=event.get("event_id"),
        event_id=given.get("associated_event_id"),
    )


def read_user_report(payload: bytes) -> Words | None:
    """Read what the crash-report dialog of older SDKs sends; None as above."""
    report = _object(payload)
    return _words(
        message=report.get("comments"),
        name=report.get("name"),
        email=report.get("email"),
        url=None,
        own_id=None,
        event_id=report.get("event_id"),
    )


def _words(
    *, message: object, name: object, email: object, url: object, own_id: object, event_id: object
) -> Words | None:
    words = Words(
        message=trim(_text(message).strip(), MAX_MESSAGE),
        name=trim(one_line(_text(name)), MAX_NAME),
        email=trim(one_line(_text(email)), MAX_EMAIL),
        url=trim(one_line(_text(url)), MAX_URL),
        own_id=_id(own_id),
        event_id=_id(event_id),
    )
    return words if words.message else None


def _object(payload: bytes) -> dict[str, Any]:
    try:
        value = jsonio.loads(payload)
    except jsonio.JsonError:
        return {}
    return value if isinstance(value, dict) else {}


def _part(value: dict[str, Any], name: str) -> dict[str, Any]:
    part = value.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: object) -> str:
    return clean_text(value) if isinstance(value, str) else ""


def _id(value: object) -> str:
    try:
        return UUID(_text(value)).hex
    except ValueError:
        return ""
