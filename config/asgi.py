"""The site under ASGI: ingestion first, then pages and the WebSockets of live pages."""

import os
from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import structlog  # noqa: E402
from channels.auth import AuthMiddlewareStack  # noqa: E402 (apps must be ready)
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import re_path  # noqa: E402
from redis.exceptions import RedisError  # noqa: E402

from config.middleware import HEALTH_PATH, OLD_HEALTH_PATH, READY_PATH  # noqa: E402
from config.threaded import ThreadedHandler  # noqa: E402
from errors.routing import websocket_urlpatterns  # noqa: E402
from ingest.asgi import IngestShell  # noqa: E402

log = structlog.get_logger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# Pages wait for SQLite more than they compute: a few threads serve a team, each with a
# connection and its page cache.
PAGE_THREADS = 4
# Apart from pages, which may all be waiting for a database that hangs.
HEALTH_THREADS = 2
# RFC 6455's registry of close codes.
TRY_AGAIN_LATER = 1013


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Close a WebSocket that nothing serves; without this each one logs a traceback."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


def is_same_origin(scope: Scope) -> bool:
    """Whether a page of this very host and port asks; Channels compares the host alone."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
    return origin.netloc == headers.get(b"host", b"").decode("latin-1")


# Any: Django's stubs know only views that take requests.
_patterns = [*websocket_urlpatterns, re_path("", cast(Any, refuse))]
_routes = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(_patterns)))


async def websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """Route a WebSocket of our own pages; Channels knows neither ports nor SITE_URL's path."""
    if not is_same_origin(scope):
        await refuse(scope, receive, send)
        return
    path = scope["path"].removeprefix(settings.FORCE_SCRIPT_NAME or "")
    try:
        await _routes({**scope, "path": path}, receive, send)
    except (OSError, RedisError) as error:
        log.warning("live.away", error=str(error))
        # Refused, if it is not open yet: pages ask ever later then.
        await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})


_pages, _health = ThreadedHandler(PAGE_THREADS), ThreadedHandler(HEALTH_THREADS)


async def http(scope: Scope, receive: Receive, send: Any) -> None:
    """Hand a request to the threads that it belongs to."""
    path = scope["path"].removeprefix(settings.FORCE_SCRIPT_NAME or "")
    handler = _health if path in {HEALTH_PATH, OLD_HEALTH_PATH, READY_PATH} else _pages
    await handler(scope, receive, send)


application = IngestShell(ProtocolTypeRouter({"http": http, "websocket": websocket}))
