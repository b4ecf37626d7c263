"""What tests of ingestion share: a project with a key, an inbox, and ways to send."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo
from redis import Redis

from errors.services.record import forget_caches
from ingest.digest.marks import forget_marks
from ingest.inbox import set_inbox
from ingest.inbox.base import Delivery, Inbox, Message
from ingest.inbox.sqlite import SqliteInbox
from ingest.keys import key_cache
from ingest.native.sending import forget_projects
from ingest.protocol.auth import KnownKey
from ingest.tests.inboxes import MEBIBYTE, SPOOL_BYTES, OpenInbox, open_inbox_at
from ingest.tests.sending import Send, send_to_shell, send_to_view, send_to_wsgi
from projects.limits import set_limiter
from projects.limits.local import LocalLimiter
from projects.named import forget_senders
from tests.needs import Missing, leave_out
from tests.servers import OwnPostgres, OwnRedis, own_postgres, own_redis


class ReadableInbox(SqliteInbox):
    """An inbox that tells a test what it holds."""

    def messages(self) -> list[Message]:
        """Take everything out."""
        found: list[Delivery] = []
        while batch := self.read(max_messages=100, max_bytes=100 * MEBIBYTE, linger_ms=0):
            self.ack(batch)
            found += batch
        return [delivery.message for delivery in found]


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    """Nothing is remembered of the last test's database."""
    forget_caches()
    forget_marks()
    forget_projects()
    forget_senders()
    set_limiter(LocalLimiter())


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[ReadableInbox]:
    """The process's inbox, new and empty."""
    inbox = ReadableInbox(
        tmp_path / "inbox.sqlite3", max_bytes=64 * MEBIBYTE, spool_bytes=256 * 1024
    )
    set_inbox(inbox)
    yield inbox
    set_inbox(None)
    inbox.close()


class Shop:
    """A project that may send, as the accept side knows it; no database behind it."""

    def __init__(self) -> None:
        self.key = secrets.token_hex(16)
        self.auth = {"X-Sentry-Auth": f"Sentry sentry_key={self.key}, sentry_version=7"}
        self.known = KnownKey(key_id=3, project_id=7, allowed_origins=("*",), is_active=True)
        self.envelope = "/api/7/envelope/"
        self.store = "/api/7/store/"

    def load(self, public_key: str) -> KnownKey | None:
        return self.known if public_key == self.key else None

    def change(self, **fields: Any) -> None:
        """Change what is known of the key, at once."""
        self.known = replace(self.known, **fields)
        key_cache.clear()


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The only project there is."""
    shop = Shop()
    monkeypatch.setattr(key_cache, "_load", shop.load)
    key_cache.clear()
    yield shop
    key_cache.clear()


@pytest.fixture(params=["view", "shell", "wsgi"])
def send(request: pytest.FixtureRequest, inbox: ReadableInbox) -> Send:
    """Sends a request through the DRF view, the same test through the other two shells."""
    return {"view": send_to_view, "shell": send_to_shell, "wsgi": send_to_wsgi}[request.param]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the inbox file of a test lies."""
    return tmp_path / "inbox.sqlite3"


OpenFile = Callable[[], SqliteInbox]


@pytest.fixture
def open_file(path: Path) -> Iterator[OpenFile]:
    """As open_inbox, an inbox file in every case."""
    opened: list[SqliteInbox] = []

    def open_one() -> SqliteInbox:
        opened.append(SqliteInbox(path, max_bytes=MEBIBYTE, spool_bytes=SPOOL_BYTES))
        return opened[-1]

    yield open_one
    for inbox in opened:
        inbox.close()


@pytest.fixture
def inbox_table(django_db_setup: None) -> str:
    """How to connect to the PostgreSQL inbox of the test database, empty."""
    given = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    conninfo = make_conninfo(**{name: given[name] for name in names if given.get(name)})
    with psycopg.connect(conninfo, autocommit=True) as table:
        table.execute("DELETE FROM ingest_inbox")
    return conninfo


@pytest.fixture(scope="session")
def postgres_of_this_run() -> Iterator[OwnPostgres]:
    """A PostgreSQL with nothing in it but the inbox, for the tests that ask for one."""
    try:
        with own_postgres() as server:
            for statement in import_module("ingest.migrations.0002_inbox_table").STATEMENTS:
                server.query(statement)
            yield server
    except Missing as missing:
        leave_out(str(missing))


@pytest.fixture
def postgres_server(postgres_of_this_run: OwnPostgres) -> OwnPostgres:
    """A PostgreSQL of the test's own, with an empty inbox."""
    postgres_of_this_run.query("DELETE FROM ingest_inbox")
    return postgres_of_this_run


@pytest.fixture(scope="session")
def redis_of_this_run() -> Iterator[OwnRedis]:
    """A Redis for the tests that ask for one."""
    try:
        with own_redis() as server:
            yield server
    except Missing as missing:
        leave_out(str(missing))


@pytest.fixture
def redis_server(redis_of_this_run: OwnRedis) -> OwnRedis:
    """A Redis that holds nothing."""
    with Redis.from_url(redis_of_this_run.url()) as client:
        client.flushall()
    return redis_of_this_run


STORES: list[Any] = ["sqlite", pytest.param("redis", marks=pytest.mark.redis)]
if not settings.IS_SQLITE:
    STORES.append(pytest.param("postgres", marks=pytest.mark.django_db))


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest) -> str:
    """Where an inbox lies, of each kind in turn: a path, an address or a connection string."""
    if request.param == "redis":
        return str(request.getfixturevalue("redis_server").url())
    if request.param == "postgres":
        return str(request.getfixturevalue("inbox_table"))
    return str(request.getfixturevalue("path"))


@pytest.fixture
def open_inbox(place: str) -> Iterator[OpenInbox]:
    """Opens the same inbox again, as another process would."""
    opened: list[Inbox] = []

    def open_one(**options: Any) -> Inbox:
        opened.append(open_inbox_at(place, **options))
        return opened[-1]

    yield open_one
    for inbox in opened:
        inbox.close()
