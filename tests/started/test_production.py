"""Production as its users meet it, from an empty database: one address for everything."""

import json
import re
import socket
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest
from websockets import Origin
from websockets.sync.client import connect

from tests.faults.load import Load
from tests.production import Stack, start_stack
from tests.sdk.processes import PYTHON_APPS, run_app
from tests.sdk.reading import Visitor
from tests.server import ADMIN_EMAIL, ADMIN_PASSWORD, wait_until
from tests.started.events import send_event

pytestmark = pytest.mark.production


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """One running stack for this file; each test makes a project of its own on it."""
    with start_stack() as running:
        yield running
        assert "Traceback" not in running.log()


@pytest.fixture(scope="module")
def visitor(stack: Stack) -> Iterator[Visitor]:
    """Somebody who reads its pages."""
    reader = Visitor(stack)
    yield reader
    reader.http.close()


def test_a_crash_shows_on_the_issues_page(stack: Stack, visitor: Visitor) -> None:
    dsn = stack.create_project("Report")
    run_app(sys.executable, PYTHON_APPS / "script.py", settings={"SENTRY_DSN": dsn})
    page = visitor.open_issue("report", "ZeroDivisionError")
    page.assert_says("rounded / people", "ana@example.com", "report@2.0.1")


def test_a_live_page_hears_of_an_event(stack: Stack, visitor: Visitor) -> None:
    dsn = stack.create_project("Live")
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.http.cookies.items())
    address = stack.base_url.replace("http", "ws", 1) + "/ws/projects/live/"
    with connect(
        address, origin=Origin(stack.base_url), additional_headers={"Cookie": cookies}
    ) as page:
        assert send_event(dsn, "The kettle is cold.").status_code == 200
        heard = json.loads(page.recv(timeout=20))
    assert heard["type"] == "issues.changed"
    assert heard["new"] == 1


def test_every_part_is_ready(stack: Stack) -> None:
    def ready() -> httpx.Response | None:
        answer = httpx.get(f"{stack.base_url}/ready", timeout=20)
        return answer if answer.status_code == 200 else None

    parts = wait_until(ready, "the site to be ready").json()["parts"]
    assert {"database", "broker"} < set(parts)
    assert any(name.startswith("inbox") for name in parts)


def test_nobody_names_another_address_as_their_own(stack: Stack, visitor: Visitor) -> None:
    dsn = stack.create_project("Spoofed")
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Request-ID": "mine-1"}
    answer = send_event(dsn, "Who am I?", headers)
    assert answer.headers["X-Request-ID"] == "mine-1"
    page = visitor.open_issue("spoofed", "Who am I?")
    page.assert_says("127.0.0.1")
    assert "203.0.113.9" not in page.text


def test_answers_have_one_id_each_and_tell_no_server(stack: Stack) -> None:
    paths = ("/health", "/api/1/envelope/", "/accounts/login/")
    answers = [httpx.get(f"{stack.base_url}{path}") for path in paths]
    assert len({answer.headers["X-Request-ID"] for answer in answers}) == len(paths)
    assert not any("Server" in answer.headers for answer in answers)


def test_static_files_are_hashed_compressed_and_kept(stack: Stack) -> None:
    page = httpx.get(f"{stack.base_url}/accounts/login/").text
    found = re.search(r'"(/static/css/[^"]+)"', page)
    assert found
    answer = httpx.get(f"{stack.base_url}{found[1]}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("size", "status"), [(1 << 20, 403), (21 << 20, 413)])
def test_a_long_body_that_is_refused_hears_why(stack: Stack, size: int, status: int) -> None:
    auth = {"X-Sentry-Auth": f"Sentry sentry_key={'0' * 32}"}
    url = f"{stack.base_url}/api/1/envelope/"
    answer = httpx.post(url, content=b"x" * size, headers=auth, timeout=30)
    assert answer.status_code == status
    assert answer.headers["X-Sentry-Error"]


def test_endless_headers_are_refused(stack: Stack) -> None:
    host = urlsplit(stack.base_url)
    with socket.create_connection((host.hostname, host.port), timeout=20) as endless:
        endless.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-Endless: ")
        with suppress(ConnectionError):
            for _ in range(100):
                endless.sendall(b"x" * 65_536)
        with suppress(ConnectionError):
            assert b" 431 " in endless.recv(100)


def test_nothing_is_lost_or_mixed_up_on_its_way(stack: Stack) -> None:
    load = Load(stack.create_project("Many"))
    load.start()
    load.wait_for(3000)
    load.stop()
    assert not load.unknown
    counted = "SELECT SUM(event_count) FROM errors_issue WHERE project_id = "
    counted += "(SELECT id FROM projects_project WHERE slug = 'many')"
    wait_until(
        lambda: stack.postgres.query(counted) == [(len(load.accepted),)],
        "every accepted event in its issue",
        timeout_s=60,
    )
    assert stack.postgres.query("SELECT error FROM ingest_quarantinedmessage") == []


def test_a_body_in_chunks_is_taken(stack: Stack, visitor: Visitor) -> None:
    dsn = urlsplit(stack.create_project("Chunks"))
    event_id = uuid.uuid4().hex
    lines = [{"event_id": event_id}, {"type": "event"}, {"message": "In pieces."}]
    body = "\n".join(map(json.dumps, lines)).encode()
    answer = httpx.post(
        f"{stack.base_url}/api{dsn.path}/envelope/",
        content=iter([body[:20], body[20:]]),
        headers={"X-Sentry-Auth": f"Sentry sentry_key={dsn.username}"},
    )
    assert answer.json() == {"id": event_id}
    visitor.open_issue("chunks", "In pieces.")


def test_a_program_lists_what_it_sent_by_the_number_it_was_told(stack: Stack) -> None:
    dsn = urlsplit(stack.create_project("Program"))
    event_id = uuid.uuid4().hex
    lines = [{"event_id": event_id}, {"type": "event"}, {"message": "Programmed."}]
    sent = httpx.post(
        f"{stack.base_url}/api/v1{dsn.path}/envelope/",
        content="\n".join(map(json.dumps, lines)),
        headers={"X-Sentry-Auth": f"Sentry sentry_key={dsn.username}"},
        timeout=20,
    ).json()
    assert sent["id"] == event_id
    who = {"login": ADMIN_EMAIL, "password": ADMIN_PASSWORD}
    pair = httpx.post(f"{stack.base_url}/api/v1/auth/login", json=who, timeout=20).json()
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    address = f"{stack.base_url}/api/projects{dsn.path}/events"

    def listed() -> list[int]:
        answer = httpx.get(address, headers=headers, timeout=20)
        return [envelope["id"] for envelope in answer.json()]

    assert wait_until(listed, "the envelope to be listed") == [sent["envelope_id"]]


def test_the_pages_of_the_api_are_whole_behind_the_proxy(stack: Stack) -> None:
    for path in ("/docs", "/redoc"):
        page = httpx.get(f"{stack.base_url}{path}", timeout=20).text
        scripts = re.findall(r'<script[^>]+src="([^"]+)"', page)
        assert len(scripts) > 5
        for script in scripts:
            assert httpx.get(f"{stack.base_url}{script}", timeout=20).status_code == 200
    assert httpx.get(f"{stack.base_url}/openapi.json", timeout=20).json()["openapi"] > "3.1"
