"""What the WSGI shell does on its own: bodies from a server, other people's addresses."""

import gzip
import io
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from ingest import wsgi
from ingest.inbox.base import Message
from ingest.keys import key_cache
from ingest.protocol.auth import KnownKey
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.sending import (
    EVENT_ID,
    drive_wsgi,
    envelope_of,
    environ_of,
    event_envelope,
    not_ours_wsgi,
    send_to_wsgi,
)

BODY = event_envelope()


class Counted(io.BytesIO):
    """A body that counts what was asked of it."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return super().read(size)


class Leaving(io.BytesIO):
    """A client that goes away while it sends."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionResetError


def test_a_body_without_a_length_is_read_to_its_end(inbox: ReadableInbox, shop: Shop) -> None:
    answer = drive_wsgi(environ_of(shop.envelope, shop.auth), io.BytesIO(BODY))

    assert answer.json == {"id": EVENT_ID}
    assert inbox.messages()[0].body == BODY


def test_a_body_whose_end_nobody_marks_is_not_waited_for(inbox: ReadableInbox, shop: Shop) -> None:
    environ = environ_of(shop.envelope, shop.auth) | {"wsgi.input_terminated": False}
    source = Counted(BODY)

    assert drive_wsgi(environ, source).status == 400
    assert source.reads == 0


def test_a_long_body_is_whole(inbox: ReadableInbox, shop: Shop) -> None:
    file = os.urandom(300_000)
    body = envelope_of({}, ({"type": "attachment", "length": len(file)}, file))

    assert send_to_wsgi(shop.envelope, body, shop.auth).status == 200
    assert inbox.messages()[0].body == body


@pytest.mark.parametrize("source", [io.BytesIO(BODY[:-5]), Leaving()])
def test_a_body_that_ends_early_is_refused(
    inbox: ReadableInbox, shop: Shop, source: io.BytesIO
) -> None:
    answer = drive_wsgi(environ_of(shop.envelope, shop.auth), source, len(BODY))

    assert (answer.status, answer.json["detail"]) == (400, "The body ended too early.")
    assert inbox.depth() == 0


def test_a_long_body_with_a_key_that_is_not_known_is_thrown_away(shop: Shop) -> None:
    stranger = {"X-Sentry-Auth": f"Sentry sentry_key={'0' * 32}"}
    source = Counted(b"x" * 1_000_000)

    assert drive_wsgi(environ_of(shop.envelope, stranger), source, 1_000_000).status == 403
    # Thrown away piece by piece, for a proxy takes the answer only once it has sent all.
    assert source.read() == b""


@pytest.mark.parametrize("length", [str(10**12), "9" * 5000, "0" * 5000 + "9" * 20])
def test_a_length_over_the_limit_is_refused(shop: Shop, length: str) -> None:
    environ = environ_of(shop.envelope, {**shop.auth, "Content-Length": length})

    assert drive_wsgi(environ, io.BytesIO()).status == 413


def test_an_endless_body_is_not_read_for_ever(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsgi, "DISCARD_BYTES", 200_000)
    source = Counted(b"x" * 10_000_000)
    environ = environ_of(shop.envelope, {**shop.auth, "Content-Length": str(10**12)})

    assert drive_wsgi(environ, source).status == 413
    assert source.reads == 4


def test_an_endless_body_is_cut_off(
    inbox: ReadableInbox, shop: Shop, settings: SimpleNamespace
) -> None:
    settings.MAX_BODY_BYTES = 1024

    answer = drive_wsgi(environ_of(shop.envelope, shop.auth), io.BytesIO(b"x" * 2000))

    assert answer.status == 413


def test_an_inbox_that_never_answers_is_given_up(
    inbox: ReadableInbox, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def append(message: Message) -> "Future[int]":
        return Future()

    monkeypatch.setattr(inbox, "append", append)
    monkeypatch.setattr("ingest.inbox.APPEND_TIMEOUT_S", 0.01)

    answer = send_to_wsgi(shop.envelope, BODY, shop.auth)

    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0


def test_few_large_bodies_are_opened_at_once(
    inbox: ReadableInbox, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """300 bytes can open to 20 MiB: whoever sends small ones overtakes those."""
    monkeypatch.setattr(wsgi, "LARGE_AT_ONCE", 0)
    monkeypatch.setattr(wsgi, "LARGE_TIMEOUT_S", 0.01)
    large = gzip.compress(BODY + b"\n" * 2_000_000)

    answer = send_to_wsgi(shop.envelope, large, {**shop.auth, "Content-Encoding": "gzip"})

    assert (answer.status, answer.json["detail"]) == (503, "The site is opening too much at once.")
    assert int(answer.headers["retry-after"]) > 0
    assert send_to_wsgi(shop.envelope, BODY, shop.auth).status == 200


def test_looking_up_a_key_takes_nobodys_turn(
    inbox: ReadableInbox, shop: Shop, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_cache.find(shop.key)
    settings.INGEST_THREADS = 1
    shell = wsgi.IngestShell(not_ours_wsgi)
    looks, may_answer = threading.Event(), threading.Event()

    def load_slowly(public_key: str) -> KnownKey | None:
        looks.set()
        assert may_answer.wait(30)
        return None

    monkeypatch.setattr(key_cache, "_load", load_slowly)

    def ask(key: str) -> str:
        answers: list[str] = []
        headers = {"X-Sentry-Auth": f"Sentry sentry_key={key}", "Content-Length": str(len(BODY))}
        environ = environ_of(shop.envelope, headers) | {"wsgi.input": io.BytesIO(BODY)}
        shell(environ, lambda status, _: answers.append(status))
        return answers[0]

    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(ask, "0" * 32)
        assert looks.wait(30)
        assert ask(shop.key) == "200 OK"
        assert not slow.done()
        may_answer.set()
        assert slow.result() == "403 Forbidden"


def test_a_small_body_that_opens_large_is_taken(inbox: ReadableInbox, shop: Shop) -> None:
    body = gzip.compress(BODY + b"\n" * 2_000_000)

    answer = send_to_wsgi(shop.envelope, body, {**shop.auth, "Content-Encoding": "gzip"})

    assert answer.json == {"id": EVENT_ID}
    assert inbox.messages()[0].body == body


@pytest.mark.parametrize("path", ["/", "/api/1/", "/api/1/envelopes/", "/x/api/1/envelope/"])
def test_every_other_address_is_the_apps(path: str) -> None:
    answer = send_to_wsgi(path)

    assert (answer.status, answer.body) == (418, b"a page")


def test_a_site_below_a_path_takes_its_prefix(
    inbox: ReadableInbox, shop: Shop, settings: SimpleNamespace
) -> None:
    settings.FORCE_SCRIPT_NAME = "/tracker"

    assert send_to_wsgi("/tracker" + shop.envelope, BODY, shop.auth).status == 200
    assert send_to_wsgi(shop.envelope, BODY, shop.auth).status == 200


def test_an_answer_carries_a_request_id(inbox: ReadableInbox, shop: Shop) -> None:
    def request_id(headers: dict[str, str]) -> str:
        return send_to_wsgi(shop.envelope, BODY, headers).headers["x-request-id"]

    assert request_id({"X-Request-ID": "from-the-proxy"}) == "from-the-proxy"
    assert len(request_id({"X-Request-ID": "a b"})) == 32
    assert request_id({}) != request_id({})


def test_the_client_is_who_the_trusted_proxy_names(
    inbox: ReadableInbox, shop: Shop, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    headers = {**shop.auth, "X-Forwarded-For": "1.2.3.4, 198.51.100.7"}

    assert send_to_wsgi(shop.envelope, BODY, headers).status == 200
    assert inbox.messages()[0].client_ip == "198.51.100.7"
