"""Somebody who looks at the project's live page while a benchmark runs."""

import threading
from contextlib import closing, suppress

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.sdk.reading import Visitor
from tests.server import Site


class LiveListener(threading.Thread):
    """Counts the live messages of all projects while the `with` block runs."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        with closing(Visitor(site).http) as http:
            cookies = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        self._connecting = connect(
            f"{site.base_url.replace('http', 'ws', 1)}/ws/issues/",
            origin=Origin(site.base_url),
            additional_headers={"Cookie": cookies},
        )
        self.messages = 0

    def run(self) -> None:
        with suppress(ConnectionClosed):
            for _ in self._socket:
                self.messages += 1

    def __enter__(self) -> "LiveListener":
        self._socket: ClientConnection = self._connecting.__enter__()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._connecting.__exit__(None, None, None)
        self.join()
