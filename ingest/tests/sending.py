"""Sending to the accept side as a client does, through either shell."""

import asyncio
import io
import json
from collections.abc import Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connections
from django.test import Client

from ingest import http, wsgi
from ingest.asgi import IngestShell

EVENT_ID = "9ec79c33ec9942ab8353589fcb2e04dc"
JsonObject = dict[str, Any]
Item = tuple[JsonObject, bytes]


@dataclass(frozen=True)
class Answered:
    """What a client gets to see; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def causes(self) -> str:
        return " ".join(self.json["causes"])


class Send(Protocol):
    """Sends one request; headers are given by their names."""

    def __call__(
        self, path: str, body: bytes = b"", headers: Mapping[str, str] = {}, method: str = "POST"
    ) -> Answered: ...


def send_to_view(
    path: str, body: bytes = b"", headers: Mapping[str, str] = {}, method: str = "POST"
) -> Answered:
    """Through the DRF view."""
    http.view_intake.cache_clear()
    http._proxies.cache_clear()
    content_type = headers.get("Content-Type", "")
    response = Client().generic(method, path, body, content_type, headers=dict(headers))
    answered_headers = {name.lower(): value for name, value in response.headers.items()}
    return Answered(response.status_code, answered_headers, response.content)


def send_to_shell(
    path: str, body: bytes = b"", headers: Mapping[str, str] = {}, method: str = "POST"
) -> Answered:
    """Through the ASGI shell."""
    given = {"Content-Length": str(len(body)), **headers}
    return asyncio.run(drive(scope_of(path, given, method), [body]))


def send_to_wsgi(
    path: str, body: bytes = b"", headers: Mapping[str, str] = {}, method: str = "POST"
) -> Answered:
    """Through the WSGI shell."""
    return drive_wsgi(environ_of(path, headers, method), io.BytesIO(body), len(body))


def environ_of(path: str, headers: Mapping[str, str], method: str = "POST") -> dict[str, Any]:
    path, _, query = path.partition("?")
    named = {name.upper().replace("-", "_"): value for name, value in headers.items()}
    bare = {"CONTENT_TYPE", "CONTENT_LENGTH"}
    environ = {name if name in bare else f"HTTP_{name}": value for name, value in named.items()}
    return environ | {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
    }


def drive_wsgi(environ: dict[str, Any], source: io.BytesIO, length: int = -1) -> Answered:
    """One request through a new shell; -1: its body comes without a length."""
    environ = {"wsgi.input": source, "wsgi.input_terminated": True} | environ
    if length >= 0:
        environ.setdefault("CONTENT_LENGTH", str(length))
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        started.extend((int(status.split(maxsplit=1)[0]), dict(headers)))

    shell = wsgi.IngestShell(not_ours_wsgi)
    # As servers call it: in a thread that is not Django's, with connections of its own.
    with ThreadPoolExecutor(1) as thread:
        body = b"".join(thread.submit(shell, environ, start_response).result())
        thread.submit(connections.close_all).result()
    return Answered(started[0], started[1], body)


def not_ours_wsgi(environ: Any, start_response: Any) -> list[bytes]:
    """The app behind the WSGI shell: answers 418 to everything."""
    start_response("418 I'm a teapot", [])
    return [b"a page"]


def scope_of(path: str, headers: Mapping[str, str], method: str = "POST") -> dict[str, Any]:
    path, _, query = path.partition("?")
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "client": ("127.0.0.1", 50000),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }


async def not_ours(scope: Any, receive: Any, send: Any) -> None:
    """The app behind the shell: answers 418 to everything."""
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"a page"})


async def drive(scope: dict[str, Any], chunks: Iterable[bytes]) -> Answered:
    """One request through a new shell; status 0 when it did not answer."""
    parts = list(chunks)
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not parts:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    shell = IngestShell(not_ours)
    await shell(scope, receive, send)
    # A connection of a thread that has ended would keep a test's database from being removed.
    shell._threads.submit(connections.close_all).result()
    if not sent:
        return Answered(0, {}, b"")
    headers = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Answered(sent[0]["status"], headers, sent[1]["body"])


def envelope_of(headers: JsonObject, *items: Item) -> bytes:
    """An envelope as Python's SDK writes it, each line ended."""
    lines = [json.dumps(headers).encode()]
    for item_headers, payload in items:
        lines += [json.dumps(item_headers).encode(), payload]
    return b"\n".join(lines) + b"\n"


def event_envelope(event: JsonObject | None = None, **headers: Any) -> bytes:
    payload = json.dumps(event or {"message": "The shop is closed."}).encode()
    item = {"type": "event", "length": len(payload)}
    return envelope_of({"event_id": EVENT_ID, **headers}, (item, payload))
