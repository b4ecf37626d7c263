"""What is counted of an event: its tags, derived ones included, and its user."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from common.text import trim
from errors.scrub import FILTERED
from errors.summary import find_handled
from errors.user_agent import parse_user_agent

MAX_TAGS = 50
TAG_VALUE = 200
EVENT_TAGS = ("level", "environment", "release", "dist", "logger", "server_name")
# Contexts that become tags under their own name, with the version and without.
CONTEXT_TAGS = ("browser", "os", "runtime")
# Names under which an application may count what must not be counted: each value is its own.
NEVER = frozenset(("url", "user", "ip", "ip_address", "user.id", "user.email", "user.ip"))
USER_KEYS = ("id", "username", "email", "ip_address")


def derive_tags(event: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the tags to count, each name once; the event's own come last and never override.

    Never a URL, a user or an address: each of their values would stand alone.
    """
    found: dict[str, str] = {}
    for name, value in _iterate_tags(event):
        if value and len(found) < MAX_TAGS and name not in NEVER:
            found.setdefault(name, trim(value, TAG_VALUE))
    return list(found.items())


def user_hash(project_id: int, user: dict[str, Any]) -> int | None:
    """Return a signed 64-bit hash of who it was: the id, else name, email or address.

    Somebody whose every trace was scrubbed is nobody, not the same person each time.
    """
    for key in USER_KEYS:
        value = user.get(key)
        if value and value != FILTERED:
            return _hash_of(f"{project_id}\0{key}\0{value}")
    return None


def session_hash(event: dict[str, Any]) -> int | None:
    """Return a signed 64-bit hash of the browser's session, where the event names one."""
    session = event.get("contexts", {}).get("session", {}).get("id")
    return hash_session(session) if isinstance(session, str) else None


def hash_session(session: str) -> int:
    """What stands for a session's id of any length."""
    return _hash_of(f"session\0{session}")


def _hash_of(text: str) -> int:
    digest = blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _iterate_tags(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in EVENT_TAGS:
        if name in event:
            yield name, event[name]
    handled = find_handled(event)
    if handled is not None:
        yield "handled", "yes" if handled else "no"
    yield "mechanism", _find_mechanism(event)
    yield from _iterate_context_tags(event)
    for name, value in event.get("tags", ()):
        yield name, value


def _find_mechanism(event: dict[str, Any]) -> str:
    exceptions = event.get("exception", {}).get("values", ())
    types = (exception.get("mechanism", {}).get("type") for exception in reversed(exceptions))
    return next(filter(None, types), "")


def _iterate_context_tags(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    contexts = event.get("contexts", {})
    agent: dict[str, tuple[str, str]] | None = None
    for name in CONTEXT_TAGS:
        context = contexts.get(name, {})
        label, version = _text(context.get("name")), _text(context.get("version"))
        if not label and name != "runtime":
            agent = parse_user_agent(_find_user_agent(event)) if agent is None else agent
            label, version = agent.get(name, ("", ""))
        if label:
            yield name, f"{label} {version}".strip()
            yield f"{name}.name", label
    device = contexts.get("device", {})
    yield "device", _text(device.get("model")) or _text(device.get("family"))


def _text(value: object) -> str:
    is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value) if is_text else ""


def _find_user_agent(event: dict[str, Any]) -> str:
    headers = event.get("request", {}).get("headers", ())
    return next((value for name, value in headers if name.lower() == "user-agent"), "")
