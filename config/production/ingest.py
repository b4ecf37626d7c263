"""The processes that take what SDKs send: granian's threads around the WSGI shell."""

import gc
from importlib import import_module
from typing import Any

from django.conf import settings
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server
from granian.server.common import AbstractServer

from config.web_server import BACKLOG, MAX_HEAD_BYTES, listen

APPLICATION = "config.wsgi:application"
# What is under way when the process is told to stop has this long.
GRACE_S = 10
# For bodies on their way, beside INGEST_THREADS for those that are here: whoever sends slowly
# keeps one for a minute (deploy/Caddyfile). Made when needed; a thousand take 70 MB.
WAITING_THREADS = 1000
# It bounds idle connections, too: longer than the proxy keeps them.
HEAD_TIMEOUT_MS = 60_000


def serve_ingest() -> None:
    """Serve until SIGTERM or SIGINT, then answer what is under way and return."""
    # A port in use is told in our words; granian shares the port among its workers itself.
    listen(settings.HOST, settings.PORT).close()
    _load_site()
    make_server().serve()


def _load_site() -> None:
    """Before granian forks its workers, so that they share the memory: 30 MB each."""
    import_module(APPLICATION.partition(":")[0])
    gc.collect()
    gc.freeze()


def make_server() -> "AbstractServer[Any]":
    """Granian as ingestion needs it; nothing is served yet."""
    return Server(
        APPLICATION,
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.INGEST_WORKERS,
        blocking_threads=settings.INGEST_THREADS + WAITING_THREADS,
        backlog=BACKLOG,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEAD_TIMEOUT_MS, max_buffer_size=MAX_HEAD_BYTES
        ),
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_S,
    )
