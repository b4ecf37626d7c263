"""Native crashes: a memory dump, and what the application knew of itself."""

import re
from typing import Any

from common.jsonio import JsonError, dumps, loads
from ingest.endpoints.attachments import MAX_ATTACHMENTS, as_attachment
from ingest.endpoints.base import Sent
from ingest.endpoints.multipart_form import Part, read_form
from ingest.errors import IngestError
from ingest.protocol.envelope import Envelope, Item, write_envelope
from ingest.protocol.event_ids import read_event_id
from ingest.protocol.minidump import describe_minidump, is_minidump

DUMP_FIELD = "upload_file_minidump"
DUMP_TYPES = frozenset({"application/octet-stream", "application/x-dmp"})
# Crashpad cuts a long value into sentry__1, sentry__2 and so on.
_EVENT_FIELD = re.compile(r"sentry(?:__(\d{1,3}))?")
_NESTED_FIELD = re.compile(r"sentry((?:\[[^\[\]]{1,200}\]){1,10})")


def minidump_envelope(sent: Sent) -> bytes:
    """An event of level fatal with the dump, and every other file, as attachments.

    Raises: IngestError 400 for a form without a dump, 413.
    Source: the ingestion contract, "Endpoints"; Sentry SDK documentation, "Minidumps".
    """
    parts = _parts(sent)
    dump = next((part for part in parts if part.name == DUMP_FIELD), None)
    if dump is None or not is_minidump(dump.content):
        raise IngestError(400, f"The form holds no minidump as {DUMP_FIELD}.")
    files = [part for part in parts if part.filename is not None and part is not dump]
    event = make_event(parts, dump)
    event_id = read_event_id(event.get("event_id")) or sent.made_id
    payload = dumps({**event, "event_id": event_id})
    if len(payload) > sent.max_event_bytes:
        raise IngestError(413, f"The event is larger than {sent.max_event_bytes} bytes.")
    items = [Item({"type": "event"}, payload), as_attachment(dump, "event.minidump")]
    items += [as_attachment(part) for part in files[: MAX_ATTACHMENTS - 1]]
    return write_envelope(Envelope({"event_id": event_id}, items))


def make_event(parts: list[Part], dump: Part) -> dict[str, Any]:
    """The event of the form's fields; what the dump says stands where those say nothing."""
    fields = [part for part in parts if part.filename is None]
    event: dict[str, Any] = {"platform": "native", "level": "fatal", "exception": None}
    event |= _whole_event(fields)
    extra: dict[str, Any] = {}
    for part in fields:
        if nested := _NESTED_FIELD.fullmatch(part.name):
            _place(event, nested[1][1:-1].split("]["), part.text)
        elif not _EVENT_FIELD.fullmatch(part.name):
            extra[part.name] = part.text
    if extra and not event.get("extra"):
        event["extra"] = extra
    return describe_minidump(dump.content, event)


def _parts(sent: Sent) -> list[Part]:
    """The form's parts; the dump may also come as the whole body."""
    if sent.media_type in DUMP_TYPES:
        return [Part(DUMP_FIELD, "minidump.dmp", sent.media_type, sent.body)]
    return read_form(sent)


def _whole_event(fields: list[Part]) -> dict[str, Any]:
    """The event that the fields named sentry hold as JSON, {} without one."""
    pieces = {}
    for part in fields:
        if found := _EVENT_FIELD.fullmatch(part.name):
            pieces[int(found[1] or 0)] = part.content
    if not pieces:
        return {}
    try:
        event = loads(b"".join(pieces[number] for number in sorted(pieces)))
    except JsonError as error:
        raise IngestError(400, "The field sentry is not JSON.", (str(error),)) from error
    return event if isinstance(event, dict) else {}


def _place(event: dict[str, Any], path: list[str], text: str) -> None:
    """Put sentry[tags][region] where it belongs, unless something else stands there."""
    *parents, name = path
    for parent in parents:
        inner = event.setdefault(parent, {})
        if not isinstance(inner, dict):
            return
        event = inner
    event[name] = text
