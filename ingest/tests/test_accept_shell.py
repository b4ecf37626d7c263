"""What the ASGI shell does on its own: bodies in pieces, prefixes, other people's addresses."""

import asyncio
import gzip
import logging
import os
import threading
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest

from ingest import asgi, refusals
from ingest.accept import AcceptRequest
from ingest.asgi import IngestShell
from ingest.errors import IngestError
from ingest.inbox.base import Message
from ingest.intake import SMALL_BODY_BYTES, BodiesInFlight, Intake
from ingest.keys import key_cache
from ingest.protocol.auth import KnownKey
from ingest.refusals import RefusalLog
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.sending import (
    EVENT_ID,
    Answered,
    Send,
    drive,
    envelope_of,
    event_envelope,
    not_ours,
    scope_of,
    send_to_shell,
)

BODY = event_envelope()


async def serve(scope: Any, receive: Any, send: Any, app: Any = not_ours) -> None:
    await IngestShell(app)(scope, receive, send)


def test_a_body_without_a_length_comes_in_pieces(inbox: ReadableInbox, shop: Shop) -> None:
    pieces = [BODY[start : start + 7] for start in range(0, len(BODY), 7)]

    answer = asyncio.run(drive(scope_of(shop.envelope, shop.auth), pieces))

    assert answer.json == {"id": EVENT_ID}
    assert inbox.messages()[0].body == BODY


def test_nobody_sends_a_long_body_with_a_key_that_is_not_known(shop: Shop) -> None:
    read = []

    async def receive() -> dict[str, Any]:
        read.append(1)
        return {"type": "http.request", "body": b"x", "more_body": True}

    answers: list[Any] = []

    async def send(message: Any) -> None:
        answers.append(message)

    stranger = {"X-Sentry-Auth": f"Sentry sentry_key={'0' * 32}"}
    asyncio.run(serve(scope_of(shop.envelope, stranger), receive, send))

    assert answers[0]["status"] == 403
    assert len(read) == 1


def test_one_body_without_a_key_has_room(
    shop: Shop, settings: SimpleNamespace, inbox: ReadableInbox
) -> None:
    settings.MAX_INFLIGHT_BYTES, settings.MAX_BODY_BYTES = 4000, 1600
    body = event_envelope({"message": "x" * 1200}, dsn=f"http://{shop.key}@testserver/7")

    answer = asyncio.run(drive(scope_of(shop.envelope, {}), [body[:600], body[600:]]))

    assert answer.status == 200


@pytest.mark.parametrize(("has_key", "status"), [(False, 503), (True, 200)])
def test_bodies_without_a_key_leave_room_for_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, inbox: ReadableInbox, has_key: bool, status: int
) -> None:
    monkeypatch.setattr(
        Intake, "keyless", property(lambda self: BodiesInFlight(0), set_nothing), raising=False
    )
    body = event_envelope(dsn=f"http://{shop.key}@testserver/7")
    headers = shop.auth if has_key else {}

    answer = asyncio.run(drive(scope_of(shop.envelope, headers), [body[:60], body[60:]]))

    assert answer.status == status


def set_nothing(intake: Intake, room: BodiesInFlight) -> None:
    """The room of a test is set once."""


def test_an_endless_body_is_cut_off(
    inbox: ReadableInbox, shop: Shop, settings: SimpleNamespace
) -> None:
    settings.MAX_BODY_BYTES = 1024

    answer = asyncio.run(drive(scope_of(shop.envelope, shop.auth), [b"x" * 600] * 3))

    assert answer.status == 413


def test_a_length_over_the_limit_is_refused_unread(inbox: ReadableInbox, shop: Shop) -> None:
    scope = scope_of(shop.envelope, {**shop.auth, "Content-Length": str(10**12)})

    assert asyncio.run(drive(scope, [])).status == 413


def test_a_client_that_leaves_gets_no_answer(inbox: ReadableInbox, shop: Shop) -> None:
    answer = asyncio.run(drive(scope_of(shop.envelope, shop.auth), []))

    assert answer.status == 0
    assert inbox.depth() == 0


def test_a_body_that_never_ends_times_out(
    inbox: ReadableInbox, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "BODY_TIMEOUT_S", 0.01)
    sent: list[dict[str, Any]] = []
    parts = [{"type": "http.request", "body": b"{}", "more_body": True}]

    async def receive() -> dict[str, Any]:
        if parts:
            return parts.pop()
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope: Any = scope_of(shop.envelope, shop.auth)
    asyncio.run(serve(scope, receive, send))
    assert sent[0]["status"] == 408


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/",
        "/api/1/",
        "/api/1/envelopes/",
        "/api/1/envelope/x",
        "/api/1/2/envelope/",
        "/x/api/1/envelope/",
        "/api/1/envelope//",
        "/api/1/envelope/\n",
    ],
)
def test_every_other_address_is_the_apps(inbox: ReadableInbox, path: str) -> None:
    answer = send_to_shell(path)

    assert (answer.status, answer.body) == (418, b"a page")


def test_websockets_are_the_apps() -> None:
    scopes: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)

    scope = {"type": "websocket", "path": "/api/1/envelope/"}
    asyncio.run(serve(scope, None, None, app))

    assert scopes == [scope]


def test_a_site_below_a_path_takes_its_prefix(
    inbox: ReadableInbox, shop: Shop, settings: SimpleNamespace
) -> None:
    settings.FORCE_SCRIPT_NAME = "/tracker"

    assert send_to_shell("/tracker" + shop.envelope, BODY, shop.auth).status == 200
    assert send_to_shell(shop.envelope, BODY, shop.auth).status == 200
    assert send_to_shell("/tracker/", BODY).status == 418


def test_an_answer_carries_a_request_id(inbox: ReadableInbox, shop: Shop) -> None:
    def request_id(**headers: str) -> str:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return send_to_shell(shop.envelope, BODY, given).headers["x-request-id"]

    assert request_id(x_request_id="from-the-proxy") == "from-the-proxy"
    assert len(request_id()) == 32
    assert request_id() != request_id()
    assert len(request_id(x_request_id="x" * 1000)) == 32
    assert len(request_id(x_request_id="a b")) == 32


@pytest.mark.parametrize("size", [100_000, 700_000])
def test_a_large_body_is_taken_on_a_thread(
    inbox: ReadableInbox, shop: Shop, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    threads: list[str] = []
    append = inbox.append

    def append_noting_the_thread(message: Message) -> "Future[int]":
        threads.append(threading.current_thread().name)
        return append(message)

    monkeypatch.setattr(inbox, "append", append_noting_the_thread)
    file = os.urandom(size)
    body = envelope_of({}, ({"type": "attachment", "length": len(file)}, file))

    assert send_to_shell(shop.envelope, body, shop.auth).status == 200
    assert threads == ["ingest_0"]
    assert inbox.messages()[0].body == body


def test_a_small_body_that_opens_large_is_taken_on_a_thread(
    inbox: ReadableInbox, shop: Shop
) -> None:
    body = gzip.compress(BODY + b"\n" * 2_000_000)
    assert len(body) < SMALL_BODY_BYTES

    answer = send_to_shell(shop.envelope, body, {**shop.auth, "Content-Encoding": "gzip"})

    assert answer.json == {"id": EVENT_ID}
    assert inbox.messages()[0].body == body


def test_looking_up_a_key_keeps_nobody_waiting(
    inbox: ReadableInbox, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request waits for the database; another, whose key is remembered, overtakes it."""
    key_cache.find(shop.key)
    may_answer = threading.Event()

    def load_slowly(public_key: str) -> KnownKey | None:
        assert may_answer.wait(30)
        return None

    monkeypatch.setattr(key_cache, "_load", load_slowly)
    unknown = {"X-Sentry-Auth": f"Sentry sentry_key={'0' * 32}"}

    async def both() -> tuple[Answered, Answered]:
        slow = asyncio.create_task(drive(scope_of(shop.envelope, unknown), [BODY]))
        await asyncio.sleep(0.05)
        quick = await drive(scope_of(shop.envelope, shop.auth), [BODY])
        assert not slow.done()
        may_answer.set()
        return quick, await slow

    quick, slow = asyncio.run(both())
    assert (quick.status, slow.status) == (200, 403)


def test_a_refusal_is_logged_without_key_or_body(
    send: Send,
    shop: Shop,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refusals, "refusal_log", RefusalLog())
    with caplog.at_level(logging.INFO, logger="ingest.refusals"):
        send(shop.envelope, b'{}\n{"type":1}\nsecret body', shop.auth)

    (line,) = logged(caplog)
    assert (line["event"], line["status"]) == ("ingest.refused", 400)
    assert line["causes"] == ("item header: no type (at byte 3)",)
    assert shop.key not in str(line)
    assert "secret" not in str(line)


def test_refusals_are_logged_ten_times_a_second(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    log = RefusalLog(clock=lambda: now[0])
    request = AcceptRequest(method="POST", endpoint="store", project="1")
    with caplog.at_level(logging.INFO, logger="ingest.refusals"):
        for _ in range(100):
            log.note(request, IngestError(403, "No."), "")
        now[0] += 1
        log.note(request, IngestError(403, "No."), "")

    assert [line["left_out"] for line in logged(caplog)] == [0] * 10 + [90]


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    lines: list[Any] = [record.msg for record in caplog.records if record.name == "ingest.refusals"]
    return lines
