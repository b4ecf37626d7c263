"""Redis and PostgreSQL away, hanging or slow: what was answered for is there, and counts once."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from ingest.digest import digest_batch
from ingest.inbox.base import Inbox, InboxUnavailable
from ingest.inbox.fallback import FallbackInbox
from ingest.inbox.postgres import PostgresInbox
from ingest.inbox.redis_inbox import RedisInbox
from ingest.inbox.sqlite import SqliteInbox
from ingest.tests.inboxes import (
    LEASE_S,
    MEBIBYTE,
    bodies_of,
    eventually,
    message_of,
    put,
    source_of,
    take,
    take_soon,
)
from ingest.tests.messages import counts, make_event, make_message, make_project
from projects.models import ProjectKey
from tests.needs import Missing, leave_out
from tests.servers import DATABASE, OwnPostgres, OwnRedis, own_redis


@pytest.fixture
def inbox(postgres_server: OwnPostgres) -> Iterator[PostgresInbox]:
    inbox = PostgresInbox({"conninfo": postgres_server.url(DATABASE)}, max_bytes=MEBIBYTE)
    yield inbox
    inbox.close()


@pytest.fixture
def redis() -> Iterator[OwnRedis]:
    try:
        with own_redis() as server:
            yield server
    except Missing as missing:
        leave_out(str(missing))


def test_what_postgres_answered_for_survives_its_kill(
    postgres_server: OwnPostgres, inbox: PostgresInbox
) -> None:
    put(inbox, b"before")
    postgres_server.kill()
    try:
        with pytest.raises(InboxUnavailable):
            put(inbox, b"meanwhile")
        with pytest.raises(InboxUnavailable):
            take(inbox)
        (state,) = inbox.state()
        assert state.error
    finally:
        postgres_server.start()
    put(inbox, b"after")

    assert bodies_of(take(inbox)) == [b"before", b"after"]


def test_a_restart_between_two_appends_is_not_noticed(
    postgres_server: OwnPostgres, inbox: PostgresInbox
) -> None:
    put(inbox, b"before")
    postgres_server.stop()
    postgres_server.start()

    put(inbox, b"after")

    assert bodies_of(take(inbox)) == [b"before", b"after"]


def test_what_could_not_be_given_back_to_postgres_goes_to_others(
    postgres_server: OwnPostgres,
) -> None:
    def open_inbox() -> PostgresInbox:
        address = {"conninfo": postgres_server.url(DATABASE)}
        # It outlasts the outage.
        return PostgresInbox(address, max_bytes=MEBIBYTE, lease_s=6 * LEASE_S)

    with closing(open_inbox()) as inbox, closing(open_inbox()) as other:
        put(inbox, b"a")
        assert take(inbox)
        postgres_server.kill()
        with pytest.raises(InboxUnavailable):
            source_of(inbox).give_back()
        postgres_server.start()

        assert bodies_of(take_soon(other)) == [b"a"]


def test_a_postgres_that_hangs_answers_everybody_in_time(
    postgres_server: OwnPostgres, inbox: PostgresInbox
) -> None:
    put(inbox, b"before")
    postgres_server.pause()
    try:
        futures = [inbox.append(message_of(b"meanwhile")) for _ in range(300)]
        errors = {type(future.exception(timeout=30)) for future in futures}
        with pytest.raises(InboxUnavailable):
            take(inbox)
    finally:
        postgres_server.resume()
    assert errors == {InboxUnavailable}
    put(inbox, b"after")

    assert {b"before", b"after"} <= set(bodies_of(take(inbox, max_messages=400)))


def test_a_postgres_that_takes_two_seconds_is_waited_for(
    postgres_server: OwnPostgres, inbox: PostgresInbox
) -> None:
    put(inbox, b"first")
    with psycopg.connect(postgres_server.url(DATABASE)) as other:
        other.execute("LOCK TABLE ingest_inbox IN EXCLUSIVE MODE")
        futures = [inbox.append(message_of(b"slow")) for _ in range(200)]
        time.sleep(2)
        assert not any(future.done() for future in futures)
    row_ids = [future.result(timeout=30) for future in futures]

    assert row_ids == sorted(set(row_ids))
    assert [d.row_id for d in take(inbox, max_messages=300)][1:] == row_ids


class Sender:
    """Puts events of one project into an inbox, at once, and counts those answered for."""

    def __init__(self, inbox: Inbox, key: ProjectKey) -> None:
        self._inbox = inbox
        self._key = key
        self.accepted = 0

    def send(self, count: int = 20) -> None:
        messages = [make_message(self._key, make_event()) for _ in range(count)]
        with ThreadPoolExecutor(count) as threads:
            for future in threads.map(self._inbox.append, messages):
                assert future.result(timeout=30) > 0
        self.accepted += count

    def send_until(self, is_so: Callable[[], bool]) -> None:
        def sent_and_so() -> bool:
            self.send(1)
            return is_so()

        assert eventually(sent_and_so)


def digest_all(inbox: Inbox) -> None:
    for source in inbox.sources:
        while digest_batch(source).read:
            pass


@pytest.fixture
def second(request: pytest.FixtureRequest, tmp_path: Path, transactional_db: None) -> Inbox:
    """The inbox that PostgreSQL holds; a file where the database is no PostgreSQL."""
    if settings.IS_SQLITE:
        return SqliteInbox(tmp_path / "inbox.sqlite3", max_bytes=MEBIBYTE, spool_bytes=MEBIBYTE)
    place = request.getfixturevalue("inbox_table")
    return PostgresInbox({"conninfo": place}, max_bytes=MEBIBYTE)


@pytest.mark.redis
def test_events_sent_while_redis_hangs_and_dies_count_once(redis: OwnRedis, second: Inbox) -> None:
    first = RedisInbox(redis.url(), shards=2, max_bytes=MEBIBYTE)
    inbox = FallbackInbox(first, second, pause_s=0.1)
    sender = Sender(inbox, make_project())
    sender.send()
    assert first.depth() == 20
    redis.pause()
    sender.send()
    sender.send()
    assert second.depth() == 40
    redis.resume()
    sender.send_until(lambda: first.depth() > 60)
    redis.kill()
    sender.send()
    redis.start()
    before = first.depth()
    sender.send_until(lambda: first.depth() > before)
    # What Redis was sent while it hung was done when it went on, and is stored twice.
    assert inbox.depth() > sender.accepted

    digest_all(inbox)

    assert inbox.depth() == 0
    assert counts() == (sender.accepted,) * 3
    inbox.close()


class SlowProxy:
    """Passes a server's answers on, each a while later."""

    def __init__(self, port: int, delay_s: float) -> None:
        self._port = port
        self._delay_s = delay_s
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """End all connections, and take no more."""
        for end in (self._listener, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._port))
            self._ends += (client, server)
            for source, target, delay_s in ((client, server, 0), (server, client, self._delay_s)):
                threading.Thread(
                    target=_pass_on, args=(source, target, delay_s), daemon=True
                ).start()


def _pass_on(source: socket.socket, target: socket.socket, delay_s: float) -> None:
    with source, target:
        try:
            while data := source.recv(1 << 16):
                time.sleep(delay_s)
                target.sendall(data)
        except OSError:
            return


@pytest.mark.redis
def test_events_sent_to_a_slow_redis_count_once(redis: OwnRedis, second: Inbox) -> None:
    """Answers take 1.5 seconds, then 2.5, which is too long: the others come from the second."""
    key = make_project()
    for delay_s in (1.5, 2.5):
        proxy = SlowProxy(redis.port, delay_s)
        slow = RedisInbox(f"redis://127.0.0.1:{proxy.port}/0", shards=2, max_bytes=MEBIBYTE)
        inbox = FallbackInbox(slow, second, pause_s=0.1)
        Sender(inbox, key).send()
        proxy.close()
        slow.close()
    first = RedisInbox(redis.url(), shards=2, max_bytes=MEBIBYTE)
    assert first.depth() >= 20
    assert second.depth() == 20

    both = FallbackInbox(first, second)
    digest_all(both)

    assert counts() == (40, 40, 40)
    both.close()
