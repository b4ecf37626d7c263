"""From the lines of a trail to the breadcrumbs that an SDK would have kept."""

import random
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from string import Template
from typing import Any


def lay_trail(
    lines: Iterable[str], facts: dict[str, str], rng: random.Random, at: float, pause_s: float
) -> list[dict[str, Any]]:
    """The breadcrumbs of these lines, oldest first, the last shortly before the crash.

    pause_s: the usual time between two of them.
    """
    moment = at - rng.uniform(0.1, 0.9) * min(pause_s, 0.4)
    crumbs = []
    for line in reversed(list(lines)):
        kind, _, rest = Template(line).substitute(facts).partition(" ")
        shown = datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")
        crumbs.append({"timestamp": shown, **CRUMBS[kind](rest)})
        moment -= rng.expovariate(1 / pause_s)
    return crumbs[::-1]


def _visit(rest: str) -> dict[str, Any]:
    start, _, end = rest.partition(" -> ")
    return {"type": "navigation", "category": "navigation", "data": {"from": start, "to": end}}


def _fetch(rest: str) -> dict[str, Any]:
    method, url, status = _parse_exchange(rest)
    level = {"level": "error"} if status >= 500 else {}
    data = {"method": method, "url": url, "status_code": status}
    return {"type": "http", "category": "fetch", "data": data, **level}


def _request(rest: str) -> dict[str, Any]:
    method, url, status = _parse_exchange(rest)
    level = {"level": "error"} if status >= 500 else {}
    reason = HTTPStatus(status).phrase
    data = {"url": url, "http.method": method, "http.response.status_code": status}
    return {"type": "http", "category": "httplib", "data": {**data, "reason": reason}, **level}


def _parse_exchange(rest: str) -> tuple[str, str, int]:
    found = re.fullmatch(r"(\w+) (.+) (\d{3})", rest)
    assert found, rest
    return found[1], found[2], int(found[3])


def _query(rest: str) -> dict[str, Any]:
    data = {"db.paramstyle": "format" if "%s" in rest else "numeric_dollar"}
    return {"type": "default", "category": "query", "message": rest, "data": data}


def _redis(rest: str) -> dict[str, Any]:
    command, _, key = rest.partition(" ")
    data = {"redis.is_cluster": False, "redis.command": command, "redis.key": key}
    message = f"{command} '{key}'"
    return {"type": "redis", "category": "redis", "message": message, "data": data}


def _log(rest: str) -> dict[str, Any]:
    logger, level, message = rest.split(" ", 2)
    return {"type": "log", "category": logger, "level": level, "message": message}


def _console(rest: str) -> dict[str, Any]:
    level, _, message = rest.partition(" ")
    data = {"logger": "console", "arguments": [message]}
    return {"category": "console", "level": level, "message": message, "data": data}


def _touch(category: str) -> Callable[[str], dict[str, Any]]:
    return lambda selector: {"category": category, "message": selector}


CRUMBS: dict[str, Callable[[str], dict[str, Any]]] = {
    "nav": _visit,
    "click": _touch("ui.click"),
    "input": _touch("ui.input"),
    "fetch": _fetch,
    "console": _console,
    "query": _query,
    "http": _request,
    "redis": _redis,
    "log": _log,
}
