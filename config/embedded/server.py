"""The web server of the embedded process."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from config.web_server import web_config


class EmbeddedServer(uvicorn.Server):
    """Uvicorn that says when it serves."""

    def __init__(
        self, app: Callable[..., Any], on_started: Callable[[asyncio.AbstractEventLoop], None]
    ) -> None:
        self._on_started = on_started
        super().__init__(web_config(app))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started(asyncio.get_running_loop())
