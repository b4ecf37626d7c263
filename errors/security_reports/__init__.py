"""From a browser's report to an event: what was violated, by whom, on which page. Pure.

Source: the ingestion contract, "Endpoints" (security) and "Item types" (nel, raw_security).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from errors.security_reports.browser import read_browser_report
from errors.security_reports.certificates import read_expect_ct, read_expect_staple, read_pins
from errors.security_reports.csp import is_extensions, read_csp
from errors.security_reports.fields import Report, text_of
from errors.security_reports.network import is_success, read_network_error

__all__ = ["is_noise", "make_event", "read_report"]

_OLD_SHAPES = {
    "csp-report": read_csp,
    "expect-ct-report": read_expect_ct,
    "expect-staple-report": read_expect_staple,
}
_VIOLATION, _NETWORK_ERROR = "csp-violation", "network-error"
_MAX_AGE_MS = 7 * 86_400_000


def is_noise(found: object) -> bool:
    """Whether nobody can act on it: an extension's violation, a request that went well."""
    kind, fields = _open(found)
    if kind in ("csp-report", _VIOLATION):
        return is_extensions(fields)
    return kind == _NETWORK_ERROR and is_success(fields)


def read_report(found: object) -> Report | None:
    """A parsed report; None for what is none, or of no known shape."""
    kind, fields = _open(found)
    if kind in _OLD_SHAPES:
        return _OLD_SHAPES[kind](fields)
    if not isinstance(found, dict):
        return None
    if not kind:
        return read_pins(found) if "known-pins" in found else None
    report = _read_typed(kind, fields, text_of(found, "url"))
    return report and _with_circumstances(report, found)


def make_event(report: Report, headers: Mapping[str, Any], *, received_at: float) -> dict[str, Any]:
    """The event as an SDK would have sent it.

    headers:     the item's: sentry_release, sentry_environment and user_agent, where known.
    received_at: unix seconds; the event happened the report's age before.
    """
    agent = report.user_agent or text_of(headers, "user_agent")
    request_headers = {"User-Agent": agent, "Referer": report.referrer}
    event = {
        "platform": "javascript",
        "logger": report.logger,
        "level": report.level,
        "timestamp": received_at - report.age_s,
        "logentry": {"formatted": report.title},
        "fingerprint": report.fingerprint,
        "tags": {name: value for name, value in report.tags.items() if value},
        "request": {
            "url": report.url,
            "headers": {name: text for name, text in request_headers.items() if text},
        },
        "contexts": {"report": _without_empty(report.facts)},
        "release": text_of(headers, "sentry_release"),
        "environment": text_of(headers, "sentry_environment"),
    }
    return {name: value for name, value in event.items() if value}


def _without_empty(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in ("", None)}


def _open(found: object) -> tuple[str, dict[str, Any]]:
    """What kind of report it is and what it says; ("", {}) for what is of no known shape."""
    if not isinstance(found, dict):
        return "", {}
    for name in _OLD_SHAPES:
        if isinstance(found.get(name), dict):
            return name, found[name]
    kind, fields = text_of(found, "type"), found.get("body")
    return (kind, fields) if kind and isinstance(fields, dict) else ("", {})


def _read_typed(kind: str, fields: dict[str, Any], url: str) -> Report | None:
    if kind == _VIOLATION:
        return read_csp(fields)
    if kind == _NETWORK_ERROR:
        return read_network_error(fields, url)
    return read_browser_report(kind, fields, url)


def _with_circumstances(report: Report, found: Mapping[str, Any]) -> Report:
    """What the Reporting API says around a report: where, by which browser, how long ago."""
    age_ms = found.get("age")
    if not isinstance(age_ms, int | float) or not 0 <= age_ms < _MAX_AGE_MS:
        age_ms = 0
    return replace(
        report,
        url=report.url or text_of(found, "url"),
        user_agent=text_of(found, "user_agent"),
        age_s=age_ms / 1000,
    )
