"""Browsers' reports as issues: what was blocked, by its directive and host; row "security"."""

from typing import Any

import pytest

from errors.grouping import group_event
from errors.normalize import normalize_event
from errors.security_reports import is_noise, make_event, read_report

PAGE = "https://shop.example/cart?step=2"


def old(blocked: str, directive: str = "script-src", **fields: Any) -> dict[str, Any]:
    """A violation as report-uri sends it."""
    return {
        "csp-report": {
            "document-uri": PAGE,
            "effective-directive": directive,
            "blocked-uri": blocked,
            **fields,
        }
    }


def new(blocked: str, directive: str = "script-src", **fields: Any) -> dict[str, Any]:
    """The same as report-to sends it."""
    body = {"documentURL": PAGE, "effectiveDirective": directive, "blockedURL": blocked, **fields}
    return {"type": "csp-violation", "age": 5000, "url": PAGE, "user_agent": "Fx", "body": body}


def event_of(found: object, **headers: str) -> dict[str, Any]:
    """The canonical event of a report received at second 1000."""
    report = read_report(found)
    assert report
    raw = make_event(report, headers, received_at=1_800_000_000.0)
    return normalize_event(
        raw, event_id="0" * 32, received_at=1_800_000_000.0, sent_at=None, client_ip=None
    ).event


def title_of(found: object) -> str:
    return str(event_of(found)["logentry"]["formatted"])


def group_of(found: object) -> str:
    return group_event(event_of(found)).primary


@pytest.mark.parametrize("shape", [old, new])
@pytest.mark.parametrize(
    ("blocked", "directive", "title"),
    [
        ("https://evil.example/x.js?y=1", "script-src", "Blocked 'script' from 'evil.example'"),
        ("https://EVIL.example:8443", "script-src-elem", "Blocked 'script' from 'evil.example'"),
        ("inline", "style-src-attr", "Blocked inline 'style'"),
        ("eval", "script-src", "Blocked 'script' by eval()"),
        ("wasm-eval", "script-src", "Blocked WebAssembly"),
        ("data", "img-src", "Blocked 'image' from 'data:'"),
        ("data:image/png;base64,x", "img-src", "Blocked 'image' from 'data:'"),
        ("blob", "worker-src", "Blocked 'worker' from 'blob:'"),
        ("", "font-src", "Blocked 'font' from 'self'"),
        ("self", "font-src", "Blocked 'font' from 'self'"),
        ("https://shop.example/own.js", "connect-src", "Blocked 'connect' from 'self'"),
        ("wss://live.example/", "connect-src", "Blocked 'connect' from 'live.example'"),
        ("http://[::1", "img-src", "Blocked 'image' from 'http:'"),
    ],
)
def test_a_title_says_what_was_blocked_and_from_where(
    shape: Any, blocked: str, directive: str, title: str
) -> None:
    assert title_of(shape(blocked, directive)) == title


def test_an_old_browser_names_only_the_violated_directive() -> None:
    found = {
        "csp-report": {
            "document-uri": PAGE,
            "violated-directive": "img-src https://cdn.example",
            "blocked-uri": "https://evil.example",
        }
    }
    assert title_of(found) == "Blocked 'image' from 'evil.example'"


def test_reports_are_one_issue_by_directive_and_blocked_host() -> None:
    same = old("https://evil.example/1.js")
    assert group_of(same) == group_of(old("http://evil.example/2.js?a=b", lineno=7))
    assert group_of(same) == group_of(new("https://evil.example/3.js"))
    assert group_of(same) != group_of(old("https://other.example/1.js"))
    assert group_of(same) != group_of(old("https://evil.example/1.js", "img-src"))


def test_the_event_has_tags_the_page_and_everything_that_the_report_says() -> None:
    event = event_of(
        new("https://evil.example/x.js", disposition="report", sample="alert(1)"),
        sentry_release="shop@2",
        sentry_environment="staging",
    )
    assert dict(event["tags"]) == {
        "effective-directive": "script-src",
        "blocked-uri": "evil.example",
        "disposition": "report",
    }
    assert (event["release"], event["environment"]) == ("shop@2", "staging")
    assert (event["level"], event["logger"]) == ("warning", "csp")
    assert event["request"]["url"] == "https://shop.example/cart"
    assert ["User-Agent", "Fx"] in event["request"]["headers"]
    assert event["contexts"]["report"]["sample"] == "alert(1)"
    assert event["timestamp"] == 1_800_000_000.0 - 5


@pytest.mark.parametrize(
    "fields",
    [
        {"blocked-uri": "chrome-extension://abc/x.js"},
        {"blocked-uri": "moz-extension"},
        {"blocked-uri": "inline", "source-file": "safari-web-extension://abc"},
    ],
)
def test_what_a_visitors_extension_did_is_noise(fields: dict[str, str]) -> None:
    assert is_noise({"csp-report": {"effective-directive": "script-src", **fields}})
    assert not is_noise(old("https://extension.example/"))
    assert not is_noise(old("inline"))


def nel(kind: str, status: int = 0) -> dict[str, Any]:
    body = {"type": kind, "status_code": status, "phase": "dns", "server_ip": "192.0.2.1"}
    return {"type": "network-error", "age": 1, "url": PAGE, "body": body}


def test_a_failed_request_is_an_issue_by_its_type_and_host() -> None:
    unresolved = nel("dns.name_not_resolved")
    assert title_of(unresolved) == "Network error 'DNS name not resolved' at 'shop.example'"
    assert title_of(nel("http.error", 503)) == "HTTP 503 from 'shop.example'"
    assert group_of(unresolved) != group_of(nel("tcp.reset"))
    assert group_of(nel("http.error", 503)) != group_of(nel("http.error", 404))
    assert dict(event_of(unresolved)["tags"])["nel.phase"] == "dns"
    assert is_noise(nel("ok", 200))


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (
            {"expect-ct-report": {"hostname": "Shop.example", "failure-mode": "enforce"}},
            "Expect-CT failed for 'shop.example'",
        ),
        (
            {"expect-staple-report": {"hostname": "shop.example", "response-status": "MISSING"}},
            "Expect-Staple failed for 'shop.example'",
        ),
        (
            {"hostname": "shop.example", "known-pins": ["pin"]},
            "Public key pinning failed for 'shop.example'",
        ),
        (
            {"type": "deprecation", "url": PAGE, "body": {"id": "x", "message": "X is going."}},
            "X is going.",
        ),
        (
            {"type": "crash", "url": PAGE, "body": {"reason": "oom"}},
            "Browser reported 'crash' (oom)",
        ),
    ],
)
def test_other_reports_have_titles_too(found: dict[str, Any], title: str) -> None:
    assert title_of(found) == title


@pytest.mark.parametrize(
    "found",
    [
        None,
        7,
        [],
        {},
        {"csp-report": 7},
        {"csp-report": {}},
        {"type": "csp-violation"},
        {"type": "csp-violation", "body": {}},
        {"type": "network-error", "body": {}},
    ],
)
def test_what_is_no_report_makes_no_issue(found: object) -> None:
    assert read_report(found) is None
    assert not is_noise(found)
