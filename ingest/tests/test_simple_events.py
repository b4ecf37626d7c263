"""POST /api/v1/events, as native-apis.md, section 1, says."""

import json
import time
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from errors.models import Event, Issue, SeenEvent
from errors.storage import load_document
from ingest.digest import digest_batch
from ingest.inbox import set_inbox
from ingest.keys import key_cache, load_key
from ingest.tests.conftest import ReadableInbox
from ingest.tests.native import BROWSER_STACK, TRACEBACK
from projects.models import Project, SimpleKey
from projects.named import forget_senders
from projects.services import create_project

pytestmark = pytest.mark.django_db

PATH = "/api/v1/events"


@pytest.fixture(autouse=True)
def _find_keys_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the test's own connection: another one does not see what it made."""
    monkeypatch.setattr(key_cache, "find", load_key)


@pytest.fixture
def shop() -> Project:
    project = create_project(name="Shop", platform="python", owner=None)
    SimpleKey.objects.create(project=project, key="shop")
    return project


def send(body: Any = None, **changes: Any) -> Any:
    given = {"project_key": "shop", "message": "no more tea"} if body is None else body
    sent = given if isinstance(given, bytes) else json.dumps(given | changes).encode()
    return Client().post(PATH, sent, "application/json")


def the_event(inbox: ReadableInbox) -> dict[str, Any]:
    digest_batch(inbox)
    document = load_document(Event.objects.get().pk)
    assert document
    event: dict[str, Any] = document["event"]
    return event


def test_answer_is_id_timestamp_and_message(shop: Project, inbox: ReadableInbox) -> None:
    answer = send(timestamp="2024-01-15T13:00:00+01:00")

    assert answer.status_code == 200
    digest_batch(inbox)
    row_id = Event.objects.get().pk
    assert answer.content == (
        b'{"id":%d,"timestamp":"2024-01-15T12:00:00","message":"no more tea"}' % row_id
    )
    assert answer.headers["Content-Type"] == "application/json"
    assert row_id < 2**53


def test_event_is_counted_once_in_its_project(shop: Project, inbox: ReadableInbox) -> None:
    send()
    digest_batch(inbox)
    digest_batch(inbox)

    assert Issue.objects.get().project == shop
    assert Issue.objects.get().event_count == SeenEvent.objects.count() == 1


def test_everything_is_stored_and_the_path_is_the_route(
    shop: Project, inbox: ReadableInbox
) -> None:
    send(stack=BROWSER_STACK, method="POST", path="/orders/{id}/pay", status_code=500)

    event = the_event(inbox)
    assert event["transaction"] == Issue.objects.get().route == "/orders/{id}/pay"
    assert event["request"] == {"method": "POST", "url": "/orders/{id}/pay"}
    assert event["contexts"]["response"] == {"status_code": 500}
    assert event["platform"] == "javascript"
    (exception,) = event["exception"]["values"]
    assert (exception["type"], exception["value"]) == ("TypeError", "no more tea")
    assert [frame.get("function") for frame in exception["stacktrace"]["frames"]] == [None, "pay"]


def test_python_stack_becomes_frames(shop: Project, inbox: ReadableInbox) -> None:
    send(message="ZeroDivisionError: division by zero", stack=TRACEBACK)

    event = the_event(inbox)
    assert event["platform"] == "python"
    (exception,) = event["exception"]["values"]
    assert (exception["type"], exception["value"]) == ("ZeroDivisionError", "division by zero")
    assert exception["stacktrace"]["frames"][0]["lineno"] == 41


def test_event_without_a_stack_is_a_message(shop: Project, inbox: ReadableInbox) -> None:
    send(stack="no stack at all")

    event = the_event(inbox)
    assert event["logentry"]["formatted"] == "no more tea"
    assert event["extra"] == {"stack": "no stack at all"}


@pytest.mark.parametrize(
    "timestamp", [None, "", "yesterday", 1e300, -5, [], {}, True, "NaN", "99999-01-01"]
)
def test_unreadable_timestamp_means_now(
    shop: Project, inbox: ReadableInbox, timestamp: Any
) -> None:
    before = int(time.time())
    answer = send(timestamp=timestamp)

    assert answer.status_code == 200
    written = json.loads(answer.content)["timestamp"]
    assert len(written) == len("2024-01-15T12:00:00")
    at = time.strptime(written + " UTC", "%Y-%m-%dT%H:%M:%S %Z")
    assert before <= time.mktime(at) - time.timezone <= time.time()


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (
            {"message": "m"},
            [(["body", "project_key"], "field required", "value_error.missing")],
        ),
        (
            {"project_key": "shop"},
            [(["body", "message"], "field required", "value_error.missing")],
        ),
        (
            {},
            [
                (["body", "project_key"], "field required", "value_error.missing"),
                (["body", "message"], "field required", "value_error.missing"),
            ],
        ),
        (
            {"project_key": None, "message": []},
            [
                (
                    ["body", "project_key"],
                    "none is not an allowed value",
                    "type_error.none.not_allowed",
                ),
                (["body", "message"], "str type expected", "type_error.str"),
            ],
        ),
        (
            {"project_key": "shop", "message": "m", "stack": {}, "status_code": "five"},
            [
                (["body", "stack"], "str type expected", "type_error.str"),
                (["body", "status_code"], "value is not a valid integer", "type_error.integer"),
            ],
        ),
        (b"", [(["body"], "field required", "value_error.missing")]),
        (b"[]", [(["body"], "value is not a valid dict", "type_error.dict")]),
    ],
)
def test_missing_or_wrong_field_is_422(
    shop: Project, inbox: ReadableInbox, body: Any, faults: list[Any]
) -> None:
    answer = send(body)

    assert answer.status_code == 422
    detail = [{"loc": loc, "msg": msg, "type": kind} for loc, msg, kind in faults]
    assert answer.content == json.dumps({"detail": detail}, separators=(",", ":")).encode()
    assert not inbox.messages()


def test_body_that_is_no_json_is_422_and_says_where(shop: Project) -> None:
    (fault,) = json.loads(send(b'{"project_key":').content)["detail"]
    assert fault["loc"] == ["body", 15]
    assert fault["type"] == "value_error.jsondecode"


def test_numbers_count_as_texts(shop: Project, inbox: ReadableInbox) -> None:
    assert send(message=404, status_code="404").status_code == 200


def test_unknown_key_makes_its_project_once(inbox: ReadableInbox) -> None:
    for _ in range(2):
        assert send(project_key="my-app").status_code == 200

    project = Project.objects.get()
    assert project.name == "my-app"
    assert [message.project_id for message in inbox.messages()] == [project.pk] * 2
    assert SimpleKey.objects.get().is_automatic


def test_unknown_key_is_404_with_auto_creation_off(
    inbox: ReadableInbox, settings: Settings
) -> None:
    settings.AUTO_CREATE_PROJECTS = False

    answer = send(project_key="my-app")

    assert answer.status_code == 404
    assert answer.content == b'{"detail":"Unknown project_key"}'
    assert not Project.objects.exists()


def test_only_so_many_projects_are_made(inbox: ReadableInbox, settings: Settings) -> None:
    settings.MAX_AUTO_PROJECTS = 3
    statuses = [send(project_key=f"app-{number}").status_code for number in range(5)]

    assert statuses == [200, 200, 200, 404, 404]
    assert Project.objects.count() == 3
    assert send(project_key="app-0").status_code == 200


def test_name_of_a_project_is_no_key_to_it(inbox: ReadableInbox) -> None:
    existing = create_project(name="my-app", platform="python", owner=None)
    send(project_key="my-app")

    (message,) = inbox.messages()
    assert message.project_id != existing.pk


def test_public_key_of_a_dsn_is_a_project_key(shop: Project, inbox: ReadableInbox) -> None:
    key = shop.keys.get()
    assert send(project_key=key.public_key).status_code == 200
    (message,) = inbox.messages()
    assert (message.project_id, message.key_id) == (shop.pk, key.pk)

    key.revoke(now=key.created_at)
    forget_senders()
    assert send(project_key=key.public_key).status_code == 404


def test_revoked_key_and_deleted_project_are_404(shop: Project, inbox: ReadableInbox) -> None:
    SimpleKey.objects.update(revoked_at=shop.created_at)
    assert send().status_code == 404
    SimpleKey.objects.update(revoked_at=None)
    Project.objects.update(deleted_at=shop.created_at)
    forget_senders()
    assert send().status_code == 404
    assert Project.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "\0", "\ud800", "'; --", "😀", "a\nb"])
def test_odd_keys_make_a_project_or_are_404(inbox: ReadableInbox, key: str) -> None:
    assert send(project_key=key).status_code in (200, 404)


def test_body_above_an_events_size_is_413(shop: Project, settings: Settings) -> None:
    settings.MAX_EVENT_BYTES = 2000
    answer = send(message="x" * 2000)
    assert answer.status_code == 413
    assert answer.content == b'{"detail":"Request body exceeds maximum size"}'


def test_full_inbox_is_503(shop: Project, inbox: ReadableInbox) -> None:
    inbox._max_bytes = 10
    answer = send()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_both_spellings_take_a_post(shop: Project, inbox: ReadableInbox) -> None:
    for path in (PATH, PATH + "/"):
        body = {"project_key": "shop", "message": "m"}
        assert Client().post(path, body, "application/json").status_code == 200
    set_inbox(None)


def test_pages_of_other_origins_may_send_as_the_project_allows(
    shop: Project, inbox: ReadableInbox
) -> None:
    asked = Client().options(PATH, headers={"Origin": "https://shop.example"})
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert asked.headers["Access-Control-Allow-Headers"] == "Content-Type"

    Project.objects.update(allowed_origins="https://shop.example")
    body = {"project_key": "shop", "message": "m"}
    codes = []
    for origin in ("https://shop.example", "https://evil.example", ""):
        headers = {"Origin": origin} if origin else {}
        answer = Client().post(PATH, body, "application/json", headers=headers)
        codes.append((answer.status_code, answer.headers.get("Access-Control-Allow-Origin")))
    assert codes == [(200, "https://shop.example"), (403, None), (200, "*")]
