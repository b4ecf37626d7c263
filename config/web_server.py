"""The web server for pages and WebSockets, with bounds that uvicorn lacks."""

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import CommandError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# What a page sends over its WebSocket is a line or two.
WS_MAX_BYTES = 16 * 1024
# Above the usual 60 s of proxies: the proxy, not the server, ends an idle connection.
KEEP_ALIVE_S = 75
# A request that is under way when the site stops has this long.
GRACE_S = 2
BACKLOG = 2048
MAX_HEAD_BYTES = 64 * 1024
# A request that has not arrived whole by then is not coming; looked at this often.
REQUEST_TIMEOUT_S = 120
WATCH_EVERY_S = 30


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is started. Raises CommandError, naming the setting."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} is in use. Stop what listens there, or set PORT to another."
            ) from error
        raise CommandError(
            f"Cannot listen on HOST {host}, PORT {port}: {error.strerror}."
        ) from error


class BoundedProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP with bounds that it lacks: on a request's head, and on its arrival's time."""

    _is_in_head = False
    _has_begun = False
    _head_bytes = 0
    # When the request that is arriving began; None between requests.
    _began_at: float | None = None
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        super().connection_made(transport)
        self._began_at = self.loop.time()
        self._watch = self.loop.call_later(WATCH_EVERY_S, self._close_when_late)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch:
            self._watch.cancel()
        super().connection_lost(exc)

    def _close_when_late(self) -> None:
        # A WebSocket's connection has gone over to another protocol.
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        if self._began_at and self.loop.time() - self._began_at > REQUEST_TIMEOUT_S:
            self.transport.close()
            return
        self._watch = self.loop.call_later(WATCH_EVERY_S, self._close_when_late)

    def on_message_begin(self) -> None:
        self._is_in_head = self._has_begun = True
        self._head_bytes = 0
        self._began_at = self.loop.time()
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._began_at = None
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        self._has_begun = False
        super().data_received(data)
        # What came together with a message's beginning may be the end of the one before.
        if self._is_in_head and not self._has_begun:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response("The request's headers are too large.")


def web_config(app: Callable[..., Any] | str, workers: int = 1) -> uvicorn.Config:
    """How uvicorn serves the site; app by its dotted name where there are several workers."""
    return uvicorn.Config(
        app,
        workers=workers,
        loop="uvloop",
        http=BoundedProtocol,
        ws="websockets-sansio",
        ws_max_size=WS_MAX_BYTES,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.TRUSTED_PROXIES),
        forwarded_allow_ips=settings.TRUSTED_PROXIES,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        backlog=BACKLOG,
    )
