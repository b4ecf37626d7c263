"""From a parsed event to all that is written of it. Reads caches, writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from errors.grouping import Grouping, group_event
from errors.normalize import Problem, normalize_event
from errors.normalize.parse import ParsedEvent
from errors.scrub import scrub_event, scrub_value
from errors.services.policies import ProjectPolicy
from errors.storage import PackedPayload, pack_document
from errors.summary import Summary, summarize_event
from errors.tags import derive_tags, session_hash, user_hash


@dataclass(frozen=True, slots=True)
class EventSource:
    """What the envelope and the server know of an event, its payload aside.

    row_id:     the inbox's (`common.row_ids`).
    event_id:   32 hex digits.
    received_at, sent_at: unix seconds; the server's clock, and the client's or None.
    item_index: the event's place among the envelope's items.
    """

    row_id: int
    event_id: str
    received_at: float
    sent_at: float | None
    client_ip: str | None
    envelope_headers: dict[str, Any]
    item_index: int
    item_headers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PreparedEvent:
    """All that is written of one event. Times are unix seconds."""

    project_id: int
    row_id: int
    event_id: str
    occurred_at: float
    received_at: float
    release: str
    environment: str
    user_hash: int | None
    tags: list[tuple[str, str]]
    grouping: Grouping
    summary: Summary
    payload: PackedPayload
    session_hash: int | None = None


def prepare_event(
    parsed: ParsedEvent,
    source: EventSource,
    policy: ProjectPolicy,
    *,
    problems: Sequence[Problem] = (),
) -> PreparedEvent:
    """Normalise, scrub, group and compress one event; what was parsed is used up.

    problems: what was already dropped on the way here.
    Raises:   NormalizeError when it is no object.
    """
    normalized = normalize_event(
        parsed.raw,
        event_id=source.event_id,
        received_at=source.received_at,
        sent_at=source.sent_at,
        client_ip=source.client_ip,
        raw_text=parsed.text,
        is_checked=parsed.is_checked,
    )
    event = scrub_event(normalized.event, policy.scrub, raw_text=parsed.text)
    grouping = group_event(event)
    summary = summarize_event(event)
    tags = derive_tags(event)
    document = _document_of(event, source, policy, grouping, [*problems, *normalized.problems])
    return PreparedEvent(
        project_id=policy.project_id,
        row_id=source.row_id,
        event_id=source.event_id,
        occurred_at=event["timestamp"],
        received_at=source.received_at,
        release=event.get("release", ""),
        environment=event["environment"],
        user_hash=user_hash(policy.project_id, event.get("user", {})),
        tags=tags,
        grouping=grouping,
        summary=summary,
        payload=pack_document(
            document,
            project_id=policy.project_id,
            platform=summary.platform,
            hash_=grouping.primary,
        ),
        session_hash=session_hash(event),
    )


def _document_of(
    event: dict[str, Any],
    source: EventSource,
    policy: ProjectPolicy,
    grouping: Grouping,
    problems: Sequence[Problem],
) -> dict[str, Any]:
    return {
        "event": event,
        "envelope": scrub_value(source.envelope_headers, policy.scrub),
        "item": {
            "index": source.item_index,
            "headers": scrub_value(source.item_headers, policy.scrub),
        },
        "problems": [[problem.path, problem.reason] for problem in problems],
        "grouping": grouping.explanation,
    }
