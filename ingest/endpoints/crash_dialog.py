"""The crash-report dialog: the script that an application's page loads, and what people write.

Source: the ingestion contract, "Endpoints" (embed/error-page); showReportDialog of @sentry/browser.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from common.jsonio import dumps
from common.text import trim
from ingest.endpoints.base import Sent, read_json
from ingest.endpoints.multipart_form import read_form
from ingest.errors import IngestError
from ingest.protocol.auth import dsn_parts
from ingest.protocol.envelope import Envelope, Item, write_envelope
from ingest.protocol.event_ids import read_event_id

# What a page may say in its own words; all is shown as text.
OPTIONS = (
    "title",
    "subtitle",
    "subtitle2",
    "labelName",
    "labelEmail",
    "labelComments",
    "labelClose",
    "labelSubmit",
    "errorGeneric",
    "errorFormEntry",
    "successMessage",
    "name",
    "email",
    "lang",
)
MAX_OPTION = 500
MAX_FIELDS = 50
MAX_BYTES = 64 * 1024
_LENGTHS = {"name": 128, "email": 254, "comments": 4096}
# JSON within a script: nothing that ends one, in any parser.
_UNSAFE = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def dialog_address(query: Mapping[str, str]) -> dict[str, str | None]:
    """What other endpoints have in their path, from the query's dsn and eventId."""
    public_key, project = dsn_parts(query.get("dsn"))
    return {"project": project, "path_key": public_key, "event": query.get("eventId", "")}


def dialog_script(source: str, query: Mapping[str, str]) -> bytes:
    """The script that shows the dialog with the query's words. Raises IngestError 400."""
    _event_id(query.get("eventId", ""))
    options = {name: query[name][:MAX_OPTION] for name in OPTIONS if query.get(name)}
    text = dumps(options).decode().translate(_UNSAFE)
    call = f"showCrashDialog({text}, document.currentScript.src);"
    return f"(() => {{\n{source}\n{call}\n}})();\n".encode()


def user_report_envelope(sent: Sent) -> bytes:
    """What a person wrote about an event. Raises IngestError 400, 413."""
    if len(sent.body) > MAX_BYTES:
        raise IngestError(413, f"The report is larger than {MAX_BYTES} bytes.")
    fields = _fields(sent)
    event_id = _event_id(sent.name)
    report = {name: trim(_text(fields, name), length) for name, length in _LENGTHS.items()}
    if not report["comments"]:
        raise IngestError(400, "The report says nothing.", ("comments: required",))
    item = Item({"type": "user_report"}, dumps({"event_id": event_id, **report}))
    return write_envelope(Envelope({"event_id": event_id}, [item]))


def _event_id(text: str) -> str:
    event_id = read_event_id(text)
    if not event_id:
        raise IngestError(400, "The eventId is not a UUID.")
    return event_id


def _fields(sent: Sent) -> Mapping[str, Any]:
    """A form's fields, however it was sent. Raises IngestError 400."""
    if sent.media_type == "application/json":
        found = read_json(sent.body)
        return found if isinstance(found, dict) else {}
    if sent.media_type == "multipart/form-data":
        return {part.name: part.text for part in read_form(sent)}
    try:
        return dict(parse_qsl(sent.body.decode("utf-8", "replace"), max_num_fields=MAX_FIELDS))
    except ValueError as error:
        raise IngestError(400, "The form has too many fields.") from error


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""
