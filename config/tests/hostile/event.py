"""An envelope that fills every field of the protocol that a page could show."""

import json
from typing import Any

from config.tests.hostile.probe import PROBE, SCRIPT_ADDRESS, fill

EVENT_ID = "5d" * 16
_FRAME = {
    "function": "f",
    "raw_function": "f",
    "module": "m",
    "filename": "f.py",
    "abs_path": "/f.py",
    "lineno": 4,
    "colno": 2,
    "pre_context": ["a", "b"],
    "context_line": "c",
    "post_context": ["d"],
    "in_app": True,
    "vars": {"total": "1", "nested": {"list": ["x"]}},
    "package": "p",
    "instruction_addr": "0x1",
    "platform": "python",
}
_STACK = {"frames": [_FRAME, {**_FRAME, "in_app": False}, {**_FRAME, "function": "g"}]}
_EXCEPTION = {
    "type": "T",
    "value": "v",
    "module": "m",
    "thread_id": 1,
    "stacktrace": _STACK,
    "mechanism": {"type": "t", "description": "d", "help_link": "h", "data": {"a": "b"}},
}
_CRUMB = {"type": "http", "category": "c", "message": "m", "data": {"url": "u", "a": "b"}}
_REQUEST = {
    "url": "u",
    "method": "m",
    "query_string": [["a", "b"]],
    "headers": [["a", "b"]],
    "cookies": [["a", "b"]],
    "data": {"a": ["b"]},
    "env": {"REMOTE_ADDR": "a"},
    "fragment": "f",
}
_CONTEXTS = {
    name: {"name": "n", "version": "v", "type": name, "model": "m", "trace_id": "t", "op": "o"}
    for name in ("os", "runtime", "browser", "device", "app", "gpu", "trace", "culture", "own")
}
_EVENT = {
    "logger": "l",
    "server_name": "s",
    "release": "r",
    "dist": "d",
    "environment": "e",
    "transaction": "t",
    "culprit": "c",
    "logentry": {"message": "m %s", "params": ["p"]},
    "exception": {"values": [_EXCEPTION, _EXCEPTION]},
    "threads": {"values": [{"id": 1, "name": "n", "stacktrace": _STACK}]},
    "breadcrumbs": {"values": [_CRUMB, {**_CRUMB, "type": "navigation"}]},
    "request": _REQUEST,
    "user": {"id": "i", "username": "u", "name": "n", "geo": {"city": "c"}, "data": {"a": "b"}},
    "tags": [["a", "b"]],
    "extra": {"a": {"b": "c"}},
    "contexts": _CONTEXTS,
    "modules": {"a": "b"},
    "fingerprint": ["f"],
    "sdk": {"name": "n", "version": "v", "integrations": ["i"], "packages": [{"name": "p"}]},
    "_meta": {"a": {"": {"rem": [["x", "s"]]}}},
}
_FEEDBACK = {
    "message": "m",
    "contact_email": "a@b.example",
    "name": "n",
    "url": "u",
    "associated_event_id": EVENT_ID,
}


def hostile_event(**fields: Any) -> dict[str, Any]:
    """The event with the probe in every text; types that the parser knows stay what they are."""
    return {**fill(_EVENT), "event_id": EVENT_ID, "platform": "python", "level": "error", **fields}


def script_addresses() -> dict[str, Any]:
    """Fields that a page could make a link of, each the address of a script."""
    crumb = {**_CRUMB, "data": {"url": SCRIPT_ADDRESS, "to": SCRIPT_ADDRESS}}
    mechanism = {"type": "t", "help_link": SCRIPT_ADDRESS}
    return {
        "request": {
            "url": SCRIPT_ADDRESS,
            "method": "GET",
            "headers": [["Referer", SCRIPT_ADDRESS]],
        },
        "breadcrumbs": {"values": [crumb]},
        "exception": {"values": [{**_EXCEPTION, "mechanism": mechanism}]},
        "tags": [["url", SCRIPT_ADDRESS]],
        "extra": {"link": SCRIPT_ADDRESS},
        "contexts": {"own": {"link": SCRIPT_ADDRESS}},
    }


def hostile_envelope() -> bytes:
    """The event with everything that can come beside it."""
    named = {"filename": f"../../{PROBE}.html", "content_type": f"text/html{PROBE}"}
    page = f"<html><script>alert('{PROBE}')</script>".encode()
    feedback = {"contexts": {"feedback": fill(_FEEDBACK) | {"associated_event_id": EVENT_ID}}}
    report = {"discarded_events": [{"reason": PROBE, "category": "error", "quantity": 3}]}
    comments = {"event_id": EVENT_ID, "name": PROBE, "email": PROBE, "comments": PROBE}
    check_in = {"check_in_id": "a" * 32, "monitor_slug": PROBE, "status": "ok"}
    session = {"sid": "a" * 32, "status": "ok", "attrs": {"release": PROBE}}
    items: list[tuple[dict[str, Any], bytes]] = [
        ({"type": "event", PROBE: PROBE}, _json(hostile_event())),
        ({"type": "attachment", "attachment_type": PROBE, **named}, page),
        ({"type": "feedback"}, _json({"event_id": "6e" * 16, "level": "info", **feedback})),
        ({"type": "user_report"}, _json(comments)),
        ({"type": "client_report"}, _json(report)),
        ({"type": "session"}, _json(session)),
        ({"type": "check_in"}, _json(check_in)),
        ({"type": PROBE}, page),
    ]
    return write_envelope({"event_id": EVENT_ID, "sdk": {"name": PROBE}, PROBE: PROBE}, *items)


def write_envelope(header: dict[str, Any], *items: tuple[dict[str, Any], bytes]) -> bytes:
    """The bytes of an envelope, each item with its length."""
    lines = [_json(header)]
    for item_header, payload in items:
        lines += [_json({**item_header, "length": len(payload)}), payload]
    return b"\n".join(lines)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
