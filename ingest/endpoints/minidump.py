"""Native crashes: a memory dump, and what the application knew of itself.

Source: the ingestion contract, "Endpoints"; Crashpad's and Breakpad's upload forms.
"""

import re
from typing import Any

from common.jsonio import JsonError, dumps, loads
from ingest.endpoints.attachments import MAX_ATTACHMENTS, as_attachment
from ingest.endpoints.base import Sent
from ingest.endpoints.crashpad import read_breadcrumbs, read_event
from ingest.endpoints.multipart_form import Part, read_form
from ingest.errors import IngestError
from ingest.protocol.envelope import Envelope, Item, write_envelope
from ingest.protocol.event_ids import read_event_id

DUMP_FIELD = "upload_file_minidump"
DUMP_TYPES = frozenset({"application/octet-stream", "application/x-dmp"})
MAGIC = b"MDMP"
# Files in which the native SDK keeps its scope, for Crashpad to send along.
EVENT_FILE = "__sentry-event"
BREADCRUMB_FILES = ("__sentry-breadcrumb1", "__sentry-breadcrumb2")
# Breakpad cuts a long value into sentry__1, sentry__2 and so on.
_EVENT_FIELD = re.compile(r"sentry(?:__(\d{1,3}))?")
_NESTED_FIELD = re.compile(r"sentry((?:\[[^\[\]]{1,200}\]){1,10})")


def minidump_envelope(sent: Sent) -> bytes:
    """An event of level fatal with the dump, and every other file, as attachments.

    Raises: IngestError 400 for a form without a dump, 413.
    """
    parts = _parts(sent)
    dump = next((part for part in parts if part.name == DUMP_FIELD), None)
    if dump is None or not dump.content.startswith(MAGIC):
        raise IngestError(400, f"The form holds no minidump as {DUMP_FIELD}.")
    event = make_event(parts, sent.max_event_bytes)
    event_id = read_event_id(event.get("event_id")) or sent.made_id
    payload = dumps({**event, "event_id": event_id})
    if len(payload) > sent.max_event_bytes:
        raise IngestError(413, f"The event is larger than {sent.max_event_bytes} bytes.")
    scope = (EVENT_FILE, *BREADCRUMB_FILES)
    files = [part for part in parts if part.filename is not None and part.name not in scope]
    items = [Item({"type": "event"}, payload), as_attachment(dump, "event.minidump")]
    items += [as_attachment(part) for part in files if part is not dump][: MAX_ATTACHMENTS - 1]
    return write_envelope(Envelope({"event_id": event_id}, items))


def make_event(parts: list[Part], max_bytes: int) -> dict[str, Any]:
    """The event of the form's fields; the digest adds what the dump says.

    Raises: IngestError 400, 413.
    """
    fields = [part for part in parts if part.filename is None]
    event: dict[str, Any] = {"platform": "native", "level": "fatal"}
    event |= _scope(parts) | _whole_event(fields, max_bytes)
    extra: dict[str, Any] = {}
    for part in fields:
        if nested := _NESTED_FIELD.fullmatch(part.name):
            _place(event, nested[1][1:-1].split("]["), part.text)
        elif not _EVENT_FIELD.fullmatch(part.name):
            extra[part.name] = part.text
    if extra and not event.get("extra"):
        event["extra"] = extra
    return event


def _parts(sent: Sent) -> list[Part]:
    """The form's parts; the dump may also come as the whole body."""
    if sent.media_type in DUMP_TYPES:
        return [Part(DUMP_FIELD, "minidump.dmp", sent.media_type, sent.body)]
    return read_form(sent)


def _scope(parts: list[Part]) -> dict[str, Any]:
    """What the native SDK wrote down before the crash, {} without it."""
    files = {part.name: part.content for part in parts}
    event = read_event(files.get(EVENT_FILE, b""))
    lists = [read_breadcrumbs(files.get(name, b"")) for name in BREADCRUMB_FILES]
    crumbs = [crumb for one in lists for crumb in one]
    if crumbs:
        # The files take turns: which is the older one, only their times tell.
        event["breadcrumbs"] = sorted(crumbs, key=lambda crumb: str(crumb.get("timestamp", "")))
    return event


def _whole_event(fields: list[Part], max_bytes: int) -> dict[str, Any]:
    """The event that the fields named sentry hold as JSON, {} without one."""
    pieces = {}
    for part in fields:
        if found := _EVENT_FIELD.fullmatch(part.name):
            pieces[int(found[1] or 0)] = part.content
    if not pieces:
        return {}
    text = b"".join(pieces[number] for number in sorted(pieces))
    if len(text) > max_bytes:
        raise IngestError(413, f"The event is larger than {max_bytes} bytes.")
    try:
        event = loads(text)
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
