"""The HTTP request of an event, and the curl command that sends it again."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from errors.presenters.values import show_pairs, show_rows, show_value

# curl makes these itself; a copied length or coding would be wrong.
OMITTED_HEADERS = ("host", "content-length", "accept-encoding", "connection", "cookie")
HEADER_NAME = re.compile(r"^[A-Za-z0-9_-]+$")
# What errors of pages have in place of a method: nothing was requested.
PAGE_METHOD = "BROWSER"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """The request's parts as rows, its body as text, and the command."""

    method: str
    url: str
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]
    cookies: list[tuple[str, str]]
    environment: list[tuple[str, str]]
    body: str
    curl: str


def present_request(event: Mapping[str, Any]) -> Request | None:
    """The event's request, or None where it has none."""
    request = event.get("request")
    if not request:
        return None
    return Request(
        method=_method(request),
        url=full_url(request),
        query=show_pairs(request.get("query_string", [])),
        headers=show_pairs(request.get("headers", [])),
        cookies=show_pairs(request.get("cookies", [])),
        environment=show_rows(request.get("env", {})),
        body=show_value(request["data"]) if "data" in request else "",
        curl=make_curl(request),
    )


def make_curl(request: Mapping[str, Any]) -> str:
    """A command for a POSIX shell, one option a line; "" without an absolute URL.

    The values are a stranger's, and people paste this into a terminal: everything is quoted, and
    nothing can become an option, a file to read (-H @file) or a pattern (-g).
    """
    url = full_url(request)
    if not url.startswith(("http://", "https://")):
        return ""
    method = _method(request)
    words = [["curl", "-g", url] if method in {"", "GET"} else ["curl", "-g", "-X", method, url]]
    for name, value in request.get("headers", []):
        if HEADER_NAME.match(name) and name.lower() not in OMITTED_HEADERS:
            words.append(["-H", f"{name}: {value}"])
    cookies = "; ".join(f"{name}={value}" for name, value in request.get("cookies", []))
    if cookies:
        words.append(["-b", cookies])
    if "data" in request:
        words.append(["--data-raw", _body(request)])
    return " \\\n  ".join(shlex.join(part) for part in words)


def full_url(request: Mapping[str, Any]) -> str:
    """The request's URL with its query; "" where there is none."""
    url = str(request.get("url", ""))
    query = urlencode([(str(name), str(value)) for name, value in request.get("query_string", [])])
    return f"{url}?{query}" if url and query else url


def _method(request: Mapping[str, Any]) -> str:
    """The method that was used; "" where none was."""
    method = str(request.get("method", ""))
    return "" if method == PAGE_METHOD else method


def _body(request: Mapping[str, Any]) -> str:
    """The body as it would be sent: a form's fields encoded, other structures as JSON."""
    data = request["data"]
    if isinstance(data, str):
        return data
    if isinstance(data, dict) and _content_type(request).startswith(FORM):
        return urlencode(data, doseq=True)
    return json.dumps(data, ensure_ascii=False)


def _content_type(request: Mapping[str, Any]) -> str:
    for name, value in request.get("headers", []):
        if name.lower() == "content-type":
            return str(value).lower()
    return str(request.get("inferred_content_type", ""))
