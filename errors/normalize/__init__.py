"""From what an SDK sent to the canonical event: one shape, bounded, safe to store.

Source: the ingestion contract, "Event normalisation".
"""

from dataclasses import dataclass
from typing import Any

from errors.normalize.breadcrumbs import read_breadcrumbs
from errors.normalize.clean import clean_event
from errors.normalize.exceptions import (
    place_stacktrace,
    read_checked_exceptions,
    read_checked_threads,
    read_exceptions,
    read_threads,
)
from errors.normalize.fields import Reader, data_of, label_of, read_fields
from errors.normalize.in_app import mark_in_app
from errors.normalize.levels import DEFAULT_LEVEL, read_level
from errors.normalize.limits import (
    DEBUG_META_BYTES,
    DIST,
    ENVIRONMENT,
    LOGGER,
    PLATFORM,
    RELEASE,
    SERVER_NAME,
    TRANSACTION,
)
from errors.normalize.messages import read_logentry
from errors.normalize.people import place_address, read_user
from errors.normalize.problems import Problem, Problems
from errors.normalize.requests import read_request
from errors.normalize.stacktraces import read_stacktrace
from errors.normalize.surroundings import (
    read_contexts,
    read_extra,
    read_fingerprint,
    read_modules,
    read_sdk,
)
from errors.normalize.tags import read_tags
from errors.normalize.times import correct_time, measure_drift

__all__ = ["NormalizeError", "NormalizedEvent", "Problem", "normalize_event"]

ALIASES = {
    "message": "logentry",
    "sentry.interfaces.Message": "logentry",
    "sentry.interfaces.Exception": "exception",
    "sentry.interfaces.Stacktrace": "stacktrace",
    "sentry.interfaces.Breadcrumbs": "breadcrumbs",
    "sentry.interfaces.Http": "request",
    "sentry.interfaces.User": "user",
    "culprit": "transaction",
}
DEFAULTS = {"level": DEFAULT_LEVEL, "platform": "other", "environment": "production"}
EVENT_FIELDS: dict[str, Reader] = {
    "platform": label_of(PLATFORM),
    "level": read_level,
    "logger": label_of(LOGGER),
    "release": label_of(RELEASE),
    "dist": label_of(DIST),
    "environment": label_of(ENVIRONMENT),
    "server_name": label_of(SERVER_NAME),
    "transaction": label_of(TRANSACTION),
    "logentry": read_logentry,
    "exception": read_exceptions,
    "threads": read_threads,
    "request": read_request,
    "user": read_user,
    "contexts": read_contexts,
    "extra": read_extra,
    "sdk": read_sdk,
    "modules": read_modules,
    "fingerprint": read_fingerprint,
    "debug_meta": data_of(DEBUG_META_BYTES),
}
CHECKED_FIELDS: dict[str, Reader] = EVENT_FIELDS | {
    "exception": read_checked_exceptions,
    "threads": read_checked_threads,
}


class NormalizeError(ValueError):
    """The payload is no event at all."""


@dataclass(slots=True)
class NormalizedEvent:
    """A canonical event and what could not be kept of the one that came."""

    event: dict[str, Any]
    problems: list[Problem]


def normalize_event(
    raw: object,
    *,
    event_id: str,
    received_at: float,
    sent_at: float | None,
    client_ip: str | None,
    raw_text: bytes | None = None,
    is_checked: bool = False,
) -> NormalizedEvent:
    """Bring a parsed event into its canonical shape. The input is used up: parts live on in it.

    Units:  times are unix seconds; `sent_at` is the client's clock when it sent the envelope.
    Speed:  `raw_text`, the JSON that was parsed, spares looking at every text; `is_checked`, that
            it has the shape of `errors.normalize.schema`, at every frame and breadcrumb.
    Raises: NormalizeError when the payload is no object. All else is repaired or dropped, and
            the problems say so.
    """
    if not isinstance(raw, dict):
        raise NormalizeError("an event is a JSON object")
    problems = Problems()
    raw = _resolve_aliases(clean_event(raw, problems, raw_text))
    drift = measure_drift(received_at, sent_at)
    event: dict[str, Any] = {
        "event_id": event_id,
        "timestamp": correct_time(raw.get("timestamp"), received_at, drift, problems),
        "received": received_at,
        **read_fields(raw, CHECKED_FIELDS if is_checked else EVENT_FIELDS, problems, ""),
    }
    crumbs = read_breadcrumbs(
        raw.get("breadcrumbs"), problems, "breadcrumbs", drift, is_checked=is_checked
    )
    if crumbs:
        event["breadcrumbs"] = crumbs
    _add_parts(event, raw, problems)
    place_address(event, client_ip, is_inferred=_is_address_inferred(raw))
    mark_in_app(event)
    return NormalizedEvent(event, problems)


def _resolve_aliases(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the event with the names of today; a name of today wins over its aliases."""
    old = raw.keys() & ALIASES.keys()
    if not old:
        return raw
    renamed = {name: value for name, value in raw.items() if name not in old}
    for alias, name in ALIASES.items():
        if alias in old and not renamed.get(name):
            renamed[name] = raw[alias]
    return renamed


def _add_parts(event: dict[str, Any], raw: dict[str, Any], problems: Problems) -> None:
    """Add the parts that need more than their own value, then the defaults."""
    if tags := read_tags(raw.get("tags") or {}, event, problems, "tags"):
        event["tags"] = tags
    stacktrace = read_stacktrace(raw.get("stacktrace"), problems, "stacktrace")
    if stacktrace:
        place_stacktrace(event, stacktrace)
    for name, default in DEFAULTS.items():
        event.setdefault(name, default)


def _is_address_inferred(raw: dict[str, Any]) -> bool:
    sdk = raw.get("sdk")
    settings = sdk.get("settings") if isinstance(sdk, dict) else None
    return isinstance(settings, dict) and settings.get("infer_ip") == "auto"
