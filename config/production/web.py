"""The processes for pages and WebSockets: uvicorn, as in the embedded process."""

import signal

import uvicorn
from django.conf import settings
from uvicorn.supervisors import Multiprocess

from config.web_server import listen, web_config

APPLICATION = "config.asgi:application"


def serve_web() -> None:
    """Serve until SIGTERM or SIGINT, then answer what is under way and return."""
    # Uvicorn raises the signal again that ended it, once it has finished: that is no news.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    config = web_config(APPLICATION, workers=settings.WEB_WORKERS)
    with listen(settings.HOST, settings.PORT) as listener:
        if settings.WEB_WORKERS == 1:
            uvicorn.Server(config).run(sockets=[listener])
        else:
            Multiprocess(config, sockets=[listener]).run()
