"""The HTTP request: each part in one shape, however it was sent."""

from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import orjson

from common.text import trim
from errors.normalize.data import bound_data
from errors.normalize.fields import (
    Reader,
    data_of,
    label_of,
    pairs_of,
    read_fields,
    text_of,
)
from errors.normalize.limits import CONTEXT_BYTES, MESSAGE, NAME, PAIRS, REQUEST_DATA_BYTES, URL
from errors.normalize.problems import Problems

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def read_request(raw: Any, problems: Problems, path: str) -> dict[str, Any] | None:
    """Read the request; the query leaves the URL, the Cookie header becomes cookies."""
    if not isinstance(raw, dict):
        problems.add_wrong_type(path, "an object", raw)
        return None
    request = read_fields(raw, REQUEST_FIELDS, problems, path)
    _split_url(request)
    _split_cookies(request)
    _place_body(request, raw.get("data"))
    return request


def _split_url(request: dict[str, Any]) -> None:
    url = request.get("url", "")
    if "?" not in url and "#" not in url:
        return
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    request["url"] = url.partition("#")[0].partition("?")[0]
    if not request["url"]:
        del request["url"]
    if parts.query and "query_string" not in request:
        request["query_string"] = _parse_query(parts.query)
    if parts.fragment and "fragment" not in request:
        request["fragment"] = trim(parts.fragment, URL)


def _split_cookies(request: dict[str, Any]) -> None:
    headers = request.get("headers", ())
    sent = [value for name, value in headers if name.lower() == "cookie"]
    if not sent:
        return
    if "cookies" not in request and (cookies := _parse_cookies("; ".join(sent))):
        request["cookies"] = cookies
    request["headers"] = [pair for pair in headers if pair[0].lower() != "cookie"]
    if not request["headers"]:
        del request["headers"]


def _place_body(request: dict[str, Any], body: Any) -> None:
    """Keep the body; JSON or a form that was sent as text becomes what it holds."""
    if isinstance(body, str):
        kind = _content_type(request) or _guess_type(body)
        opened = _open_body(body, kind)
        if opened:
            body = opened
            request.setdefault("inferred_content_type", kind)
    if body or body == 0:
        request["data"] = bound_data(body, REQUEST_DATA_BYTES)


def _guess_type(text: str) -> str:
    if text[:1] in ("{", "["):
        return JSON
    return FORM if "=" in text and not any(map(str.isspace, text[:MESSAGE])) else ""


def _open_body(text: str, kind: str) -> object:
    if kind == FORM:
        form = parse_qs(_without_nul(text[:MESSAGE]), keep_blank_values=True)
        return {name: values if values[1:] else values[0] for name, values in form.items()}
    return _parse_json(text) if kind == JSON else None


def _content_type(request: dict[str, Any]) -> str:
    for name, value in request.get("headers", ()):
        if name.lower() == "content-type":
            kind: str = value.partition(";")[0].strip().lower()
            return JSON if kind.endswith("+json") else kind
    return ""


def _parse_json(text: str) -> object:
    try:
        opened = orjson.loads(_without_nul(text))
    except orjson.JSONDecodeError:
        return None
    return opened if isinstance(opened, dict | list) else None


def _parse_query(text: str) -> list[list[str]]:
    text = _without_nul(text[:MESSAGE].removeprefix("?"))
    pairs = parse_qsl(text, keep_blank_values=True)
    return [[trim(name, NAME), trim(value, URL)] for name, value in pairs[:PAIRS]]


def _without_nul(text: str) -> str:
    """Replace what decoding would turn into NUL, in a form or in JSON."""
    return text.replace("%00", "%EF%BF%BD").replace(r"\u0000", r"\ufffd")


def _parse_cookies(text: str) -> list[list[str]]:
    pairs = (part.strip().partition("=") for part in text.split(";")[:PAIRS])
    return [[trim(name, NAME), trim(value, URL)] for name, _, value in pairs if name]


def _read_query(value: Any, problems: Problems, path: str) -> list[list[str]]:
    if isinstance(value, str):
        return _parse_query(value)
    pairs: list[list[str]] = pairs_of(NAME, URL)(value, problems, path)
    return pairs


def _read_cookies(value: Any, problems: Problems, path: str) -> list[list[str]]:
    if isinstance(value, str):
        return _parse_cookies(value)
    pairs: list[list[str]] = pairs_of(NAME, URL)(value, problems, path)
    return pairs


def _read_headers(value: Any, problems: Problems, path: str) -> list[list[str]]:
    if isinstance(value, str):
        lines = (line.partition(":") for line in value.splitlines())
        value = [[name.strip(), text.strip()] for name, _, text in lines if name.strip()]
    pairs: list[list[str]] = pairs_of(NAME, URL)(value, problems, path)
    return pairs


def _read_method(value: Any, problems: Problems, path: str) -> str | None:
    method = label_of(32)(value, problems, path)
    return method.upper() if method else None


REQUEST_FIELDS: dict[str, Reader] = {
    "method": _read_method,
    "url": text_of(URL),
    "query_string": _read_query,
    "fragment": text_of(URL),
    "headers": _read_headers,
    "cookies": _read_cookies,
    "env": data_of(CONTEXT_BYTES),
    "inferred_content_type": label_of(NAME),
}
