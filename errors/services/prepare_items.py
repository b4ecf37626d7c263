"""Items that are no event: from what came to what is kept of it. Writes nothing."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from common import jsonio
from common.text import clean_text
from errors.item_types import EXPORT_TYPES, size_limit_of
from errors.scrub import ScrubPolicy, scrub_attributes, scrub_text, scrub_value
from errors.services.policies import ProjectPolicy
from errors.storage.codec import compress

# In a kept item's headers: why its payload is not there.
DROPPED = "_dropped"
# What a row takes beside its contents: its other columns and its place in the indexes.
ROW_BYTES = 200
_JSON_BYTES = (b"{", b"[", b'"')


@dataclass(frozen=True, slots=True)
class ItemSource:
    """One item as it came, and what is known of its envelope.

    row_id:   the envelope's, from the inbox; position: the item's place in it.
    event_id: 32 hex digits of the envelope's event, "" where it names none.
    """

    row_id: int
    position: int
    event_id: str
    headers: dict[str, Any]
    payload: bytes

    @property
    def type(self) -> str:
        return clean_text(str(self.headers["type"])[:64])


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

    @property
    def kept_bytes(self) -> int:
        """What the row takes, about."""
        return ROW_BYTES + len(self.payload) + len(jsonio.dumps(self.headers))


@dataclass(frozen=True, slots=True)
class PreparedEnvelope:
    """The header of an envelope that has no event to keep it with. Headers are scrubbed."""

    project_id: int
    row_id: int
    event_id: str
    headers: dict[str, Any]

    @property
    def kept_bytes(self) -> int:
        """What the row takes, about."""
        return ROW_BYTES + len(jsonio.dumps(self.headers))


def prepare_item(source: ItemSource, policy: ProjectPolicy) -> PreparedItem:
    """Scrub and compress one item; a large one's payload is dropped, and its header tells."""
    headers = prepare_headers(source.headers, policy.scrub)
    limit = min(size_limit_of(source.type), settings.MAX_STORED_ITEM_BYTES)
    if len(source.payload) > limit:
        headers[DROPPED] = describe_drop(len(source.payload), limit)
        kept = b""
    else:
        scrub = scrub_export if source.type in EXPORT_TYPES else scrub_payload
        kept = scrub(source.payload, policy.scrub)
    return PreparedItem(
        project_id=policy.project_id,
        envelope_row_id=source.row_id,
        position=source.position,
        type=source.type,
        headers=headers,
        payload=compress(kept, None),
        payload_bytes=len(source.payload),
    )


def describe_drop(size_bytes: int, limit: int) -> str:
    """Say why a payload is not there."""
    return f"{size_bytes} bytes are more than the {limit} that are kept"


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
    """Scrub JSON value by value and other text as one; what is no text stays as it is.

    JSON without a secret stays as it was written, to the last space.
    """
    if payload.lstrip().startswith(_JSON_BYTES):
        try:
            return _scrub_json(payload, policy)
        except jsonio.JsonError:
            pass
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return payload
    return scrub_text(text, policy).encode()


def scrub_export(payload: bytes, policy: ScrubPolicy) -> bytes:
    """Scrub an export of OpenTelemetry's, whose attributes have their names in a value."""
    try:
        return jsonio.dumps(scrub_attributes(jsonio.loads(payload), policy))
    except jsonio.JsonError:
        return scrub_payload(payload, policy)


def _scrub_json(payload: bytes, policy: ScrubPolicy) -> bytes:
    value = jsonio.loads(payload)
    scrubbed = scrub_value(value, policy)
    return payload if scrubbed == value else jsonio.dumps(scrubbed)
