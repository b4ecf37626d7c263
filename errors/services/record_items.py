"""Items that are no event: kept as they came, scrubbed, within bounds, and counted by type."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from common import jsonio
from common.text import clean_text
from errors.models import ItemCount, StoredEnvelope, StoredItem
from errors.models.fields import database_event_id
from errors.rows import add_counts, insert_rows
from errors.scrub import ScrubPolicy, scrub_text, scrub_value
from errors.services.policies import ProjectPolicy
from errors.storage.codec import compress

# Each type and hour is a row; what nobody has heard of shares one.
OTHER_TYPE = "other"
KNOWN_TYPES = frozenset(
    {
        "event",
        "transaction",
        "attachment",
        "session",
        "sessions",
        "client_report",
        "feedback",
        "user_report",
        "check_in",
        "log",
        "trace_metric",
        "span",
        "profile",
        "profile_chunk",
        "replay_event",
        "replay_recording",
        "replay_video",
        "otel_log",
        "otlp_traces",
        "otlp_logs",
        "nel",
        "raw_security",
        "statsd",
        "metric_buckets",
    }
)
# In a kept item's headers: why its payload is not there.
DROPPED = "_dropped"
_JSON_BYTES = (b"{", b"[", b'"')


@dataclass(frozen=True, slots=True)
class PreparedItem:
    """One item to keep; payload is scrubbed and compressed, payload_bytes counts it as it came."""

    project_id: int
    envelope_row_id: int
    position: int
    type: str
    headers: dict[str, Any]
    payload: bytes
    payload_bytes: int


@dataclass(frozen=True, slots=True)
class PreparedEnvelope:
    """The header of an envelope that has no event to keep it with. Headers are scrubbed."""

    project_id: int
    row_id: int
    event_id: str
    headers: dict[str, Any]


def prepare_item(
    headers: dict[str, Any],
    payload: bytes,
    policy: ProjectPolicy,
    *,
    envelope_row_id: int,
    position: int,
) -> PreparedItem:
    """Scrub and compress one item; a large one's payload is dropped, and its header tells."""
    kept_headers = prepare_headers(headers, policy.scrub)
    max_bytes = settings.MAX_STORED_ITEM_BYTES
    if len(payload) > max_bytes:
        kept_headers[DROPPED] = f"{len(payload)} bytes are more than the {max_bytes} that are kept"
        kept = b""
    else:
        kept = scrub_payload(payload, policy.scrub)
    return PreparedItem(
        project_id=policy.project_id,
        envelope_row_id=envelope_row_id,
        position=position,
        type=clean_text(str(headers["type"])[:64]),
        headers=kept_headers,
        payload=compress(kept, None),
        payload_bytes=len(payload),
    )


def prepare_headers(headers: dict[str, Any], policy: ScrubPolicy) -> dict[str, Any]:
    """Scrub an envelope's or an item's header, and make it fit for every database."""
    scrubbed = _clean(scrub_value(headers, policy))
    assert isinstance(scrubbed, dict)
    return scrubbed


def _clean(value: object) -> object:
    """The same value with texts that PostgreSQL's jsonb takes."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, dict):
        return {clean_text(name): _clean(part) for name, part in value.items()}
    return value


def scrub_payload(payload: bytes, policy: ScrubPolicy) -> bytes:
    """Scrub JSON value by value and other text as one; what is no text stays as it is."""
    if payload.lstrip().startswith(_JSON_BYTES):
        try:
            return jsonio.dumps(scrub_value(jsonio.loads(payload), policy))
        except jsonio.JsonError:
            pass
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return payload
    return scrub_text(text, policy).encode()


def record_items(envelopes: Iterable[PreparedEnvelope], items: Iterable[PreparedItem]) -> None:
    """Write envelopes without an event and all items, inside the caller's transaction."""
    insert_rows(
        StoredEnvelope,
        ("id", "project_id", "event_id", "headers"),
        [
            (one.row_id, one.project_id, _event_id(one.event_id), _json(one.headers))
            for one in envelopes
        ],
    )
    insert_rows(
        StoredItem,
        (
            "envelope_id",
            "position",
            "project_id",
            "type",
            "headers",
            "payload",
            "payload_bytes",
        ),
        [
            (
                one.envelope_row_id,
                one.position,
                one.project_id,
                one.type,
                _json(one.headers),
                one.payload,
                one.payload_bytes,
            )
            for one in items
        ],
    )


def count_items(arrivals: Iterable[tuple[int, str, int]]) -> None:
    """Count items that arrived: (project id, type, hour since 1970) of each."""
    counts = Counter(
        (project_id, type_ if type_ in KNOWN_TYPES else OTHER_TYPE, hour)
        for project_id, type_, hour in arrivals
    )
    rows: Sequence[Sequence[Any]] = [(*name, count) for name, count in sorted(counts.items())]
    add_counts(ItemCount, ("project_id", "type", "hour"), rows)


def _json(value: dict[str, Any]) -> str:
    return jsonio.dumps(value).decode()


def _event_id(event_id: str) -> Any:
    return database_event_id(event_id) if event_id else None
