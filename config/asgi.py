"""The site under ASGI: ingestion first, then pages and the WebSockets of live pages."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from channels.auth import AuthMiddlewareStack  # noqa: E402 (apps must be ready)
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from config.threaded import ThreadedHandler  # noqa: E402
from errors.routing import websocket_urlpatterns  # noqa: E402
from ingest.asgi import IngestShell  # noqa: E402

# Pages wait for SQLite more than they compute: a few threads serve a team, each with a
# connection and its page cache.
PAGE_THREADS = 4

application = IngestShell(
    ProtocolTypeRouter(
        {
            "http": ThreadedHandler(PAGE_THREADS),
            "websocket": AllowedHostsOriginValidator(
                AuthMiddlewareStack(URLRouter(websocket_urlpatterns))
            ),
        }
    )
)
