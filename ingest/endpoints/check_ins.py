"""Check-ins by plain HTTP, as a job's shell script sends them.

Source: the ingestion contract, "Endpoints" and "Item types".
"""

import math
import re
from typing import Any

from common.jsonio import dumps
from common.text import trim
from ingest.endpoints.base import Sent, read_json
from ingest.errors import IngestError
from ingest.protocol.envelope import Envelope, Item, write_envelope
from ingest.protocol.event_ids import read_event_id

# The id of "the latest check-in that is in progress".
LATEST = "0" * 32
STATUSES = ("in_progress", "ok", "error")
MAX_BYTES = 100 * 1024
_SLUG = re.compile(r"[a-zA-Z0-9_-]{1,50}")
_ENVIRONMENT_LENGTH = 64


def check_in_envelope(sent: Sent) -> bytes:
    """One check-in from the query, and from a JSON body, which the query overrides.

    Raises: IngestError 400 for a monitor, status, id or duration that is none; 413.
    """
    if len(sent.body) > MAX_BYTES:
        raise IngestError(413, f"The check-in is larger than {MAX_BYTES} bytes.")
    given = {**_body_fields(sent), **sent.query}
    payload = {
        "check_in_id": _check_in_id(given.get("check_in_id")),
        "monitor_slug": _slug(sent.name),
        "status": _status(given.get("status")),
        **_duration(given.get("duration")),
    }
    if environment := given.get("environment"):
        payload["environment"] = trim(str(environment), _ENVIRONMENT_LENGTH)
    if isinstance(given.get("monitor_config"), dict):
        payload["monitor_config"] = given["monitor_config"]
    return write_envelope(Envelope({}, [Item({"type": "check_in"}, dumps(payload))]))


def _body_fields(sent: Sent) -> dict[str, Any]:
    """What a POST says beside its query; a body that is no JSON at all says nothing."""
    if not sent.body.strip() or sent.media_type != "application/json":
        return {}
    fields = read_json(sent.body)
    if not isinstance(fields, dict):
        raise IngestError(400, "The check-in is not a JSON object.")
    return fields


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise IngestError(400, "The monitor's name has 1 to 50 letters, digits, '-' and '_'.")
    return text


def _status(value: object) -> str:
    if value not in STATUSES:
        raise IngestError(400, f"The status is one of {', '.join(STATUSES)}.")
    return str(value)


def _check_in_id(value: object) -> str:
    if value in (None, ""):
        return LATEST
    check_in_id = read_event_id(value)
    if not check_in_id:
        raise IngestError(400, "The check_in_id is not a UUID.")
    return check_in_id


def _duration(value: object) -> dict[str, float]:
    """{"duration": seconds}, empty where none is given."""
    if value in (None, ""):
        return {}
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise IngestError(400, "The duration is not a number of seconds.")
    return {"duration": seconds}
