"""Clients that keep sending while the site dies and comes back, and remember each answer."""

import http.client
import json
import threading
import time
import uuid
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from urllib.parse import urlsplit

from tests.server import wait_until

CLIENTS = 8
ISSUES = 7
PEOPLE = 50
PARTS = 3
ANSWER_TIMEOUT_S = 30
REFUSED_PAUSE_S = 0.05


@dataclass(slots=True)
class Load:
    """Threads that send events to one project until told to stop.

    numbers:  of each event that was sent; what it holds follows from its number.
    accepted: ids that were answered with 200. refused: ids answered otherwise, statuses counted.
    unknown:  ids whose answer never came. pause_s: what each client waits between two events.
    rude:     how many answers of 503 did not say when to come back.
    times:    how often each event is sent, each time on a connection of its own.
    """

    dsn: str
    clients: int = CLIENTS
    issues: int = ISSUES
    padding: int = 2000
    pause_s: float = 0.0
    times: int = 1
    numbers: dict[str, int] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    rude: int = 0
    _stopping: threading.Event = field(default_factory=threading.Event)
    _counter: "count[int]" = field(default_factory=count)
    _threads: list[threading.Thread] = field(default_factory=list)

    @property
    def project(self) -> int:
        """The number of the project that the events are sent to."""
        return int(urlsplit(self.dsn).path.rpartition("/")[2])

    def start(self) -> None:
        self._stopping.clear()
        for _ in range(self.clients):
            thread = threading.Thread(target=self._send_until_stopped, daemon=True)
            thread.start()
            self._threads.append(thread)

    def wait_for(self, number: int) -> None:
        """Wait until so many more events were accepted."""
        enough = partial(self._has_accepted, len(self.accepted) + number)
        wait_until(enough, f"{number} more accepted events", timeout_s=120, pause_s=0.01)

    def _has_accepted(self, number: int) -> bool:
        return len(self.accepted) >= number

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def send(self, number: int) -> None:
        """Send so many events, one after the other, from the calling thread."""
        with closing(self._connect()) as connection:
            for _ in range(number):
                self._send_one(connection, uuid.uuid4().hex)

    def send_again(self) -> None:
        """Send what was never answered once more, as an SDK that retries does."""
        with closing(self._connect()) as connection:
            for event_id in sorted(self.unknown):
                assert self._send(connection, event_id, self.numbers[event_id]) == 200
                self.accepted.add(event_id)

    def expected_title(self, event_id: str) -> str:
        """What the title of the event's issue begins with."""
        return f"Fault{self.numbers[event_id] % self.issues}Error"

    def person(self, event_id: str) -> int:
        """The user whom the event names."""
        return self.numbers[event_id] % PEOPLE

    def _connect(self) -> http.client.HTTPConnection:
        host = urlsplit(self.dsn).netloc.rpartition("@")[2]
        return http.client.HTTPConnection(host, timeout=ANSWER_TIMEOUT_S)

    def _send_until_stopped(self) -> None:
        with closing(self._connect()) as connection:
            while not self._stopping.is_set():
                self._send_one(connection, uuid.uuid4().hex)
                self._stopping.wait(self.pause_s)

    def _send_one(self, connection: http.client.HTTPConnection, event_id: str) -> None:
        self.numbers[event_id] = next(self._counter)
        try:
            status = self._send(connection, event_id, self.numbers[event_id])
            for _ in range(self.times - 1):
                with closing(self._connect()) as another:
                    self._send(another, event_id, self.numbers[event_id])
        except ConnectionRefusedError:
            # The site is down: this one never left.
            del self.numbers[event_id]
            time.sleep(REFUSED_PAUSE_S)
        except (OSError, http.client.HTTPException):
            self.unknown.add(event_id)
            connection.close()
        else:
            self._note(event_id, status)

    def _note(self, event_id: str, status: int) -> None:
        if status == 200:
            self.accepted.add(event_id)
            return
        self.statuses[status] += 1
        # A proxy that found nobody, or lost whom it had asked, cannot tell.
        (self.unknown if status in {502, 504} else self.refused).add(event_id)
        time.sleep(REFUSED_PAUSE_S)

    def _send(self, connection: http.client.HTTPConnection, event_id: str, number: int) -> int:
        dsn = urlsplit(self.dsn)
        headers = {"X-Sentry-Auth": f"Sentry sentry_key={dsn.username}, sentry_version=7"}
        body = self._envelope(event_id, number)
        connection.request("POST", f"/api{dsn.path}/envelope/", body, headers)
        answer = connection.getresponse()
        answer.read()
        self.rude += answer.status == 503 and not answer.getheader("Retry-After")
        return answer.status

    def _envelope(self, event_id: str, number: int) -> bytes:
        kind = f"Fault{number % self.issues}Error"
        event = {
            "event_id": event_id,
            "platform": "python",
            "exception": {"values": [{"type": kind, "value": "once"}]},
            "user": {"id": str(number % PEOPLE)},
            "tags": {"part": str(number % PARTS)},
            "extra": {"padding": "x" * self.padding},
        }
        parts = [{"event_id": event_id}, {"type": "event"}, event]
        return "\n".join(map(json.dumps, parts)).encode()
