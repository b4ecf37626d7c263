"""What browsers report: violations of policies, failed requests, expected certificates."""

from typing import Any

from common.jsonio import dumps
from ingest.endpoints.base import MAX_HEADER_TEXT, Sent, read_json
from ingest.errors import IngestError
from ingest.protocol.envelope import MAX_ITEMS, Envelope, Item, write_envelope

REPORTS = "application/reports+json"
CONTENT_TYPES = frozenset(
    {
        "application/csp-report",
        "application/json",
        "application/expect-ct-report+json",
        "application/expect-staple-report",
        REPORTS,
    }
)
# A browser sends what came together within a minute: a few; an envelope holds no more.
MAX_REPORTS = MAX_ITEMS
_NETWORK_ERROR = "network-error"


def security_envelope(sent: Sent) -> bytes:
    """Each report of the body as an item of its own.

    Raises: IngestError 415, 413, or 400 for what is no report.
    Source: W3C Reporting API; CSP level 3, section 5; RFC 9163.
    """
    if sent.media_type not in CONTENT_TYPES:
        raise IngestError(415, "The content type is none of a report's.")
    if len(sent.body) > sent.max_event_bytes:
        raise IngestError(413, f"The report is larger than {sent.max_event_bytes} bytes.")
    found = read_json(sent.body)
    reports = found if isinstance(found, list) else [found]
    if not reports or not all(isinstance(report, dict) for report in reports):
        raise IngestError(400, "The body holds no report.")
    if len(reports) > MAX_REPORTS:
        raise IngestError(413, f"The body holds more than {MAX_REPORTS} reports.")
    headers = _shared_headers(sent)
    items = [_item(report, headers) for report in reports]
    return write_envelope(Envelope({"event_id": sent.made_id}, items))


def _item(report: dict[str, Any], headers: dict[str, str]) -> Item:
    kind = "nel" if report.get("type") == _NETWORK_ERROR else "raw_security"
    return Item({"type": kind, **headers}, dumps(report))


def _shared_headers(sent: Sent) -> dict[str, str]:
    """What the address and the browser say of all reports."""
    named = {
        "sentry_release": sent.query.get("sentry_release", ""),
        "sentry_environment": sent.query.get("sentry_environment", ""),
        "user_agent": sent.user_agent,
    }
    return {name: text[:MAX_HEADER_TEXT] for name, text in named.items() if text}
