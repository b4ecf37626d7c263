"""Requests that failed on their way, as browsers log them.

Source: W3C Network Error Logging, sections 5 and 6.
"""

from collections.abc import Mapping
from typing import Any

from errors.security_reports.fields import Report, host_of, text_of


def read_network_error(fields: Mapping[str, Any], url: str) -> Report | None:
    """A failed request; None without its type."""
    kind = text_of(fields, "type")
    if not kind:
        return None
    host = host_of(url) or "unknown host"
    status = text_of(fields, "status_code")
    is_http = kind == "http.error" and status not in ("", "0")
    return Report(
        logger="nel",
        title=f"HTTP {status} from '{host}'" if is_http else f"{_words(kind)} at '{host}'",
        fingerprint=["nel", f"{kind} {status}" if is_http else kind, host],
        url=url,
        referrer=text_of(fields, "referrer"),
        tags={"nel.type": kind, "nel.host": host, "nel.phase": text_of(fields, "phase")},
        facts=dict(fields),
    )


def is_success(fields: Mapping[str, Any]) -> bool:
    """Whether it tells, as a sample, that all went well."""
    return text_of(fields, "type") == "ok"


def _words(kind: str) -> str:
    """ "dns.name_not_resolved" as people say it."""
    phase, _, what = kind.partition(".")
    known = {"dns": "DNS", "tcp": "TCP", "tls": "TLS", "h2": "HTTP/2", "h3": "HTTP/3"}
    words = f"{known.get(phase, phase)} {what.replace('_', ' ').replace('.', ' ')}".strip()
    return f"Network error '{words}'"
