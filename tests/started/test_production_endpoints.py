"""Every address that applications send to, through the proxy: it is ingest that answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import httpx
import pytest

from ingest.tests.forms import FORM, form_of, make_minidump
from tests.production import Stack, start_stack
from tests.sdk.storage import Stored, read_stored
from tests.server import wait_until

pytestmark = pytest.mark.production

EVENT_ID = "9ec79c33ec9942ab8353589fcb2e04dc"
CSP = b'{"csp-report": {"effective-directive": "img-src", "blocked-uri": "https://a.example"}}'
RESET = {"type": "network-error", "url": "https://b.example/", "body": {"type": "tcp.reset"}}
DEPRECATION = {"type": "deprecation", "body": {"id": "websql", "message": "WebSQL is going."}}
# Two of one message: the second goes through the inbox once more.
REPORTS = json.dumps([RESET, DEPRECATION]).encode()
# Prints the titles of a project's issues.
TITLES = """
import json
from errors.models import Issue
print(json.dumps(sorted(Issue.objects.values_list("title", flat=True))))
"""


@dataclass(frozen=True)
class Sending:
    """A request to one endpoint and the status that it is answered with."""

    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    status: int = 200


ENVELOPE = b'{"event_id":"%s"}\n{"type":"event"}\n{"message":"A."}' % EVENT_ID.encode()
SENDINGS = {
    "envelope": Sending("{api}/envelope/", ENVELOPE),
    "store": Sending("{api}/store/", b'{"message":"B."}'),
    "security": Sending("{api}/security/", CSP, {"Content-Type": "application/csp-report"}),
    "csp-report": Sending(
        "{api}/csp-report/", REPORTS, {"Content-Type": "application/reports+json"}
    ),
    "minidump": Sending(
        "{api}/minidump/", form_of(("upload_file_minidump", "a.dmp", make_minidump())), FORM
    ),
    "attachments": Sending(
        f"{{api}}/events/{EVENT_ID}/attachments/", form_of(("log", "a.log", b"bye")), FORM
    ),
    "cron": Sending("{api}/cron/nightly/{key}/?status=ok", method="GET", status=202),
    "traces": Sending(
        "{api}/integration/otlp/v1/traces",
        b'{"resourceSpans": []}',
        {"Content-Type": "application/json"},
    ),
    "logs": Sending(
        "{api}/integration/otlp/v1/logs", b"", {"Content-Type": "application/x-protobuf"}
    ),
    "dialog": Sending("/api/embed/error-page/?dsn={dsn}&eventId=" + EVENT_ID, method="GET"),
    "report": Sending(
        "/api/embed/error-page/?dsn={dsn}&eventId=" + EVENT_ID,
        b"comments=Ouch",
        {"Content-Type": "application/x-www-form-urlencoded"},
    ),
}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """One running stack for this file."""
    with start_stack() as running:
        yield running
        assert "Traceback" not in running.log()


@pytest.fixture(scope="module")
def dsn(stack: Stack) -> str:
    return stack.create_project("Everything")


def send(dsn: str, sending: Sending, path: str) -> httpx.Response:
    parts = urlsplit(dsn)
    names = {"api": f"/api{parts.path}", "key": parts.username, "dsn": quote(dsn, safe="")}
    is_dialog = "error-page" in path
    auth = {} if is_dialog else {"X-Sentry-Auth": f"Sentry sentry_key={parts.username}"}
    url = f"http://{parts.hostname}:{parts.port}" + path.format(**names)
    headers = {**auth, **sending.headers, "Origin": "https://shop.example"}
    return httpx.request(sending.method, url, content=sending.body, headers=headers, timeout=20)


@pytest.mark.parametrize("name", SENDINGS)
def test_ingest_answers_while_pages_stand_still(stack: Stack, dsn: str, name: str) -> None:
    sending = SENDINGS[name]
    with stack.paused("web"):
        for path in (sending.path, sending.path.replace("/?", "?").removesuffix("/")):
            answer = send(dsn, sending, path)
            assert answer.status_code == sending.status, answer.text
            assert answer.headers["access-control-allow-origin"] == "*"


def test_all_of_it_is_digested(stack: Stack, dsn: str) -> None:
    def titles() -> list[str]:
        return list(json.loads(stack.run_command("shell", "--no-imports", "-c", TITLES)))

    wait_until(lambda: len(titles()) >= 6, "the issues", timeout_s=60)
    assert titles() == [
        "A.",
        "B.",
        "Blocked 'image' from 'a.example'",
        "Network error 'TCP reset' at 'b.example'",
        "SIGSEGV",
        "WebSQL is going.",
    ]
    stored = wait_until(lambda: complete(stack), "the items", timeout_s=60)
    assert {item.type for item in stored.items} >= {"check_in", "otlp_traces", "otlp_logs"}
    assert ["a.log", 3] in stored.files
    assert ["Ouch", "", ""] in stored.feedback


def complete(stack: Stack) -> Stored | None:
    stored = read_stored(stack, ["Everything"])["Everything"]
    return stored if stored.files and stored.feedback and len(stored.items) >= 6 else None
