"""Clients that keep sending while the site dies and comes back, and remember each answer."""

import http.client
import json
import threading
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from urllib.parse import urlsplit

from tests.server import wait_until

CLIENTS = 8
ISSUES = 7


@dataclass(slots=True)
class Load:
    """Threads that send events to one project until told to stop.

    accepted: ids that were answered with 200. unknown: ids whose answer never came.
    """

    dsn: str
    accepted: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _numbers: "count[int]" = field(default_factory=count)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for _ in range(CLIENTS):
            thread = threading.Thread(target=self._send_until_stopped, daemon=True)
            thread.start()
            self._threads.append(thread)

    def wait_for(self, number: int) -> None:
        """Wait until so many events were accepted."""
        enough = partial(self._has_accepted, number)
        wait_until(enough, f"{number} accepted events", timeout_s=60, pause_s=0.01)

    def _has_accepted(self, number: int) -> bool:
        return len(self.accepted) >= number

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def send_again(self) -> None:
        """Send what was never answered once more, as an SDK that retries does."""
        with closing(self._connect()) as connection:
            for event_id in self.unknown:
                assert self._send(connection, event_id, next(self._numbers))

    def _connect(self) -> http.client.HTTPConnection:
        host = urlsplit(self.dsn).netloc.rpartition("@")[2]
        return http.client.HTTPConnection(host, timeout=20)

    def _send_until_stopped(self) -> None:
        with closing(self._connect()) as connection:
            while not self._stopping.is_set():
                self._send_one(connection, uuid.uuid4().hex)

    def _send_one(self, connection: http.client.HTTPConnection, event_id: str) -> None:
        try:
            if self._send(connection, event_id, next(self._numbers)):
                self.accepted.add(event_id)
        except ConnectionRefusedError:
            # The site is down: this one never left.
            self._stopping.wait(0.05)
        except (OSError, http.client.HTTPException):
            self.unknown.add(event_id)
            connection.close()

    def _send(self, connection: http.client.HTTPConnection, event_id: str, number: int) -> bool:
        dsn = urlsplit(self.dsn)
        headers = {"X-Sentry-Auth": f"Sentry sentry_key={dsn.username}, sentry_version=7"}
        connection.request(
            "POST", f"/api{dsn.path}/envelope/", _envelope(event_id, number), headers
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status == 200


def _envelope(event_id: str, number: int) -> bytes:
    event = {
        "event_id": event_id,
        "platform": "python",
        "exception": {"values": [{"type": f"Fault{number % ISSUES}Error", "value": "once"}]},
        "user": {"id": str(number % 50)},
        "tags": {"part": str(number % 3)},
        "extra": {"padding": "x" * 2000},
    }
    parts = [{"event_id": event_id}, {"type": "event"}, event]
    return "\n".join(map(json.dumps, parts)).encode()
