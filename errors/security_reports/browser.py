"""Whatever else a browser reports: what it no longer supports, would not do, or died of.

Source: W3C Reporting API, section 3; its Deprecation, Intervention and Crash reports.
"""

from collections.abc import Mapping
from typing import Any

from errors.security_reports.fields import Report, host_of, text_of

_LEVELS = {"crash": "fatal", "deprecation": "warning", "intervention": "warning"}


def read_browser_report(kind: str, fields: Mapping[str, Any], url: str) -> Report:
    """A report of any type."""
    about = text_of(fields, "id", "featureId", "policyId", "reason", "directive", "type")
    message = text_of(fields, "message")
    return Report(
        logger=f"browser-report.{kind}"[:64],
        title=message or f"Browser reported '{kind}'{f' ({about})' if about else ''}",
        fingerprint=["browser-report", kind, about or host_of(url)],
        level=_LEVELS.get(kind, "error"),
        url=url,
        tags={"report.type": kind, "report.id": about},
        facts=dict(fields),
    )
