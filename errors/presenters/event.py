"""An event as its page shows it: every part worked out, in the order of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from errors.presenters.breadcrumbs import Breadcrumb, present_breadcrumbs
from errors.presenters.request import Request, present_request
from errors.presenters.stacktrace import Stack, present_exceptions, present_threads
from errors.presenters.values import show_rows, show_value
from errors.queries.counts import TagValue
from errors.tags import derive_tags

Rows = list[tuple[str, str]]
# Shown elsewhere, or the same as a shorter one beside it.
HIDDEN_TAGS = ("level", "browser.name", "os.name", "runtime.name")
OPEN_BREADCRUMBS = 12


@dataclass(frozen=True, slots=True)
class TagShare:
    """A tag of this event and the share of the issue's events that have it, None if unknown."""

    key: str
    value: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class EventView:
    """What of an event the page shows. Empty parts are empty, never missing."""

    event_id: str
    occurred_at: datetime
    level: str
    environment: str
    release: str
    trace_id: str
    message: str
    message_rows: Rows
    exceptions: list[Stack]
    threads: list[Stack]
    breadcrumbs: list[Breadcrumb]
    request: Request | None
    user_name: str
    user: Rows
    tags: list[TagShare]
    contexts: list[tuple[str, Rows]]
    extra: Rows
    sdk: Rows
    modules: Rows
    problems: Rows

    @property
    def first_breadcrumbs(self) -> list[Breadcrumb]:
        """Those nearest to the crash."""
        return self.breadcrumbs[:OPEN_BREADCRUMBS]

    @property
    def other_breadcrumbs(self) -> list[Breadcrumb]:
        """The rest, which is folded."""
        return self.breadcrumbs[OPEN_BREADCRUMBS:]


def present_event(
    document: Mapping[str, Any], counts: Mapping[str, Sequence[TagValue]], *, newest_first: bool
) -> EventView:
    """Make the view of a stored document; `counts` are the tags of the whole issue."""
    event = document["event"]
    user = event.get("user", {})
    message, message_rows = _message(event.get("logentry", {}))
    return EventView(
        event_id=event["event_id"],
        occurred_at=datetime.fromtimestamp(event["timestamp"], UTC),
        level=event.get("level", "error"),
        environment=event.get("environment", ""),
        release=event.get("release", ""),
        trace_id=str(event.get("contexts", {}).get("trace", {}).get("trace_id", "")),
        message=message,
        message_rows=message_rows,
        exceptions=present_exceptions(event, newest_first=newest_first),
        threads=present_threads(event, newest_first=newest_first),
        breadcrumbs=present_breadcrumbs(event),
        request=present_request(event),
        user_name=_user_name(user),
        user=show_rows(user),
        tags=_tags(event, counts),
        contexts=_contexts(_told_contexts(event)),
        extra=show_rows(event.get("extra", {})),
        sdk=_sdk(event.get("sdk", {})),
        modules=show_rows(dict(sorted(event.get("modules", {}).items()))),
        problems=[(str(path), str(reason)) for path, reason in document.get("problems", [])],
    )


def _message(logentry: Mapping[str, Any]) -> tuple[str, Rows]:
    """The message, and its template and parameters where they differ from it."""
    formatted = str(logentry.get("formatted") or logentry.get("message") or "")
    rows = []
    if logentry.get("message", formatted) != formatted:
        rows.append(("template", str(logentry["message"])))
    if logentry.get("params"):
        rows.append(("parameters", show_value(logentry["params"])))
    return formatted, rows


def _user_name(user: Mapping[str, Any]) -> str:
    names = (user.get(key) for key in ("email", "username", "name", "id", "ip_address"))
    return str(next(filter(None, names), ""))


def _tags(event: dict[str, Any], counts: Mapping[str, Sequence[TagValue]]) -> list[TagShare]:
    return [
        TagShare(key, value, _percent(value, counts.get(key, [])))
        for key, value in derive_tags(event)
        if key not in HIDDEN_TAGS
    ]


def _percent(value: str, counted: Sequence[TagValue]) -> int | None:
    """The value's share of the events that have the tag at all."""
    total = sum(tag.count for tag in counted)
    count = next((tag.count for tag in counted if tag.value == value), 0)
    return round(100 * count / total) if count else None


def _told_contexts(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """All but a native report's text where its frames are shown anyway."""
    contexts: Mapping[str, Any] = event.get("contexts", {})
    exceptions = event.get("exception", {}).get("values", [])
    if not any("stacktrace" in exception for exception in exceptions):
        return contexts
    return {name: context for name, context in contexts.items() if name != "report"}


def _contexts(contexts: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    return [
        (str(name), show_rows({key: context[key] for key in context if _is_told(key, context)}))
        for name, context in contexts.items()
        if isinstance(context, Mapping)
    ]


def _is_told(key: str, context: Mapping[str, Any]) -> bool:
    """The type repeats the context's name; SDKs send what they do not know as null."""
    return key != "type" and context[key] is not None


def _sdk(sdk: Mapping[str, Any]) -> Rows:
    name = f"{sdk.get('name', '')} {sdk.get('version', '')}".strip()
    rows = [("name", name)] if name else []
    integrations = sdk.get("integrations")
    if isinstance(integrations, list) and integrations:
        rows.append(("integrations", ", ".join(map(str, integrations))))
    return rows
