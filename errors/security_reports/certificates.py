"""Certificates that were not what a site had announced.

Source: RFC 9163, section 3 (Expect-CT); the Expect-Staple proposal; RFC 7469, section 3.
"""

from collections.abc import Mapping
from typing import Any

from errors.security_reports.fields import Report, text_of


def read_expect_ct(fields: Mapping[str, Any]) -> Report:
    """A certificate without the transparency that was expected."""
    return _certificate(fields, "expect-ct", "Expect-CT failed for '{host}'")


def read_expect_staple(fields: Mapping[str, Any]) -> Report:
    """A handshake without the stapled answer that was expected."""
    return _certificate(fields, "expect-staple", "Expect-Staple failed for '{host}'")


def read_pins(fields: Mapping[str, Any]) -> Report:
    """A certificate outside the pinned keys."""
    return _certificate(fields, "hpkp", "Public key pinning failed for '{host}'")


def _certificate(fields: Mapping[str, Any], kind: str, title: str) -> Report:
    host = text_of(fields, "hostname", "noted-hostname").lower() or "unknown host"
    status = text_of(fields, "failure-mode", "response-status", "cert-status")
    return Report(
        logger=kind,
        title=title.format(host=host),
        fingerprint=[kind, host],
        tags={"hostname": host, f"{kind}.status": status},
        facts=dict(fields),
    )
