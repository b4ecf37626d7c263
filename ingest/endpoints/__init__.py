"""The endpoints beside envelope/ and store/: each makes an envelope of what it takes.

Source: the ingestion contract, "Endpoints".
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.endpoints.attachments import attachments_envelope
from ingest.endpoints.base import Sent, Translate
from ingest.endpoints.check_ins import check_in_envelope
from ingest.endpoints.crash_dialog import user_report_envelope
from ingest.endpoints.minidump import minidump_envelope
from ingest.endpoints.otlp import otlp_envelope
from ingest.endpoints.security import security_envelope

__all__ = ["OTHERS", "OtherEndpoint", "Sent"]


@dataclass(frozen=True, slots=True)
class OtherEndpoint:
    """How its requests become an envelope, and by which methods they come."""

    translate: Translate
    methods: tuple[str, ...] = ("POST",)


OTHERS: Mapping[str, OtherEndpoint] = {
    "security": OtherEndpoint(security_envelope),
    "minidump": OtherEndpoint(minidump_envelope),
    "attachments": OtherEndpoint(attachments_envelope),
    "cron": OtherEndpoint(check_in_envelope, ("GET", "POST")),
    "otlp": OtherEndpoint(otlp_envelope),
    "error-page": OtherEndpoint(user_report_envelope, ("GET", "POST")),
}
