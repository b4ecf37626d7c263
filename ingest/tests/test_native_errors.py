"""POST /api/errors, as native-apis.md, section 2, says."""

import json
from typing import Any

import pytest
from django.test import Client

from errors.models import Activity, Event, Issue, ItemCount
from errors.services.status import archive_issues, resolve_issues
from errors.storage import load_document
from ingest.tests.native import TRACEBACK, Native, error_of
from projects.models import Project
from projects.native_auth import known_native_keys
from projects.services import create_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def native() -> Native:
    """A key of the whole site."""
    return Native()


@pytest.fixture
def shop() -> Project:
    return create_project(name="Shop", platform="python", owner=None)


def the_issue() -> Issue:
    return Issue.objects.get()


def the_event() -> dict[str, Any]:
    document = load_document(Event.objects.get().pk)
    assert document
    event: dict[str, Any] = document["event"]
    return event


def test_first_report_is_created_with_its_fingerprint(native: Native) -> None:
    answer = native.report()

    issue = the_issue()
    fingerprint = issue.keys.order_by("pk").values_list("hash", flat=True)[0]
    assert answer.status_code == 201
    assert answer.content == (
        b'{"status":"created","id":%d,"fingerprint":"%s"}' % (issue.pk, str(fingerprint).encode())
    )
    assert answer.headers["Content-Type"] == "application/json"


def test_same_error_again_is_incremented_with_its_count(native: Native) -> None:
    native.report()
    for count in (2, 3):
        answer = native.report(message="division by another zero")

        assert answer.status_code == 200
        assert answer.content == b'{"status":"incremented","id":%d,"count":%d}' % (
            the_issue().pk,
            count,
        )
    assert the_issue().event_count == Event.objects.count() == 3


def test_error_of_a_resolved_issue_is_reopened(native: Native) -> None:
    native.report()
    native.post(f"/api/errors/{the_issue().pk}/resolve")

    answer = native.report()

    assert answer.status_code == 201
    assert answer.content == b'{"status":"reopened","id":%d,"count":2}' % the_issue().pk
    assert the_issue().status == Issue.Status.UNRESOLVED
    assert the_issue().substatus == Issue.Substatus.REGRESSED
    assert Activity.objects.filter(kind=Activity.Kind.REGRESSED).count() == 1


def test_error_of_an_archived_issue_is_only_counted(native: Native) -> None:
    native.report()
    archive_issues(Issue.objects.all(), user=None, now=the_issue().last_seen_at)

    assert json.loads(native.report().content)["status"] == "incremented"
    assert the_issue().status == Issue.Status.ARCHIVED


def test_everything_of_a_report_is_stored(native: Native) -> None:
    native.report(
        environment="staging",
        request_url="https://shop.example/pay?order=981",
        request_method="post",
        request_headers={"Accept": "application/json", "Cookie": "sessionid=feedbeef"},
        user_id="user-42",
        extra={"cart": [1, 2]},
    )

    event = the_event()
    assert event["platform"] == "python"
    assert event["environment"] == "staging"
    assert event["request"]["url"] == "https://shop.example/pay"
    assert event["request"]["query_string"] == [["order", "981"]]
    assert event["request"]["headers"] == [["Accept", "application/json"]]
    assert event["request"]["cookies"] == [["sessionid", "[Filtered]"]]
    assert event["user"] == {"id": "user-42"}
    assert event["extra"] == {"cart": [1, 2]}
    assert event["contexts"]["report"]["traceback"] == TRACEBACK
    (exception,) = event["exception"]["values"]
    assert exception["type"] == "ZeroDivisionError"
    assert exception["stacktrace"]["frames"] == [
        {
            "filename": "/srv/shop/checkout.py",
            "function": "pay",
            "lineno": 41,
            "context_line": "return total / order.people",
            "in_app": True,
        }
    ]
    assert the_issue().culprit == "/srv/shop/checkout.py in pay"
    assert ItemCount.objects.get().count == 1


def test_environment_is_prod_unless_it_is_named(native: Native) -> None:
    native.report()
    assert the_issue().last_environment == "prod"


def test_project_of_the_name_is_found_or_made_once(native: Native, shop: Project) -> None:
    native.report(project="Shop")
    assert the_issue().project == shop
    for _ in range(2):
        native.report(project="Billing")
    assert list(Project.objects.values_list("name", flat=True)) == ["Billing", "Shop"]


def test_a_projects_key_reports_to_its_project_whatever_is_named(shop: Project) -> None:
    Native(shop).report(project="Billing")

    assert the_issue().project == shop
    assert Project.objects.count() == 1


@pytest.mark.parametrize("field", ["project", "exception_type", "message", "traceback"])
@pytest.mark.parametrize("value", [None, 7, []])
def test_missing_field_is_400(native: Native, field: str, value: Any) -> None:
    answer = native.report(**{field: value})

    assert answer.status_code == 400
    assert answer.content == b'{"detail":"Missing required field: %s"}' % field.encode()
    assert not Issue.objects.exists()


@pytest.mark.parametrize(("field", "limit"), [("project", 100), ("exception_type", 200)])
def test_field_that_is_too_long_is_400(native: Native, field: str, limit: int) -> None:
    assert native.report(**{field: "x" * limit}).status_code == 201
    answer = native.report(**{field: "x" * (limit + 1)})

    assert answer.status_code == 400
    detail = f"Field '{field}' exceeds maximum length of {limit} characters"
    assert json.loads(answer.content) == {"detail": detail}


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "Invalid JSON"),
        (b"{", "Invalid JSON"),
        (b"\xff\xfe", "Invalid JSON"),
        (b"[]", "Request body must be a JSON object"),
        (b'"text"', "Request body must be a JSON object"),
        (b"null", "Request body must be a JSON object"),
    ],
)
def test_body_that_is_no_object_is_400(native: Native, body: bytes, detail: str) -> None:
    answer = native.post("/api/errors", body)

    assert answer.status_code == 400
    assert answer.content == b'{"detail":"%s"}' % detail.encode()


def test_exception_that_says_nothing_is_taken(native: Native) -> None:
    assert native.report(message="", traceback="").status_code == 201


@pytest.mark.parametrize(
    "extra", [{"a": {"b": [None, True, 1.5]}}, [1, {"a": 2}], "text", 7, False, {"extra": 1}]
)
def test_extra_may_be_any_json_and_comes_back_as_it_was(native: Native, extra: Any) -> None:
    native.report(extra=extra)

    (occurrence,) = json.loads(native.get(f"/api/errors/{the_issue().pk}").content)["occurrences"]
    assert occurrence["extra"] == extra


@pytest.mark.parametrize("headers", [{}, {"X-API-Key": ""}, {"X-API-Key": "wrong"}])
def test_without_a_valid_key_is_401(headers: dict[str, str]) -> None:
    answer = Client().post("/api/errors", error_of(), "application/json", headers=headers)

    assert answer.status_code == 401
    assert answer.content == b'{"detail":"Invalid API key"}'
    assert not Issue.objects.exists()


def test_key_in_the_address_is_url_decoded(native: Native) -> None:
    encoded = "".join(f"%{ord(letter):02X}" for letter in native.text)
    path = f"/api/errors?api_key={encoded}"

    assert Client().post(path, error_of(), "application/json").status_code == 201


def test_revoked_key_reports_nothing(native: Native) -> None:
    native.key.revoked_at = native.key.created_at
    native.key.save()
    known_native_keys.clear()

    assert native.report().status_code == 401


def test_body_above_the_limit_is_413(native: Native) -> None:
    answer = native.report(message="x" * 256 * 1024)

    assert answer.status_code == 413
    assert answer.content == b'{"detail":"Request body exceeds maximum size"}'
    assert not Issue.objects.exists()


def test_above_the_limit_of_the_key_is_429() -> None:
    native, other = Native(errors_per_minute=2), Native()
    assert [native.report().status_code for _ in range(2)] == [201, 200]

    answer = native.report()

    assert answer.status_code == 429
    retry_after = int(answer.headers["Retry-After"])
    assert 1 <= retry_after <= 60
    assert answer.content == b'{"detail":"Rate limit exceeded","retry_after":%d}' % retry_after
    assert the_issue().event_count == 2
    assert other.report().status_code == 200
    assert native.get("/api/errors").status_code == 200


def test_no_post_is_redirected_with_or_without_the_slash(native: Native) -> None:
    assert native.post("/api/errors/", error_of()).status_code == 201
    assert native.post("/api/errors", error_of()).status_code == 200


def test_other_methods_are_405(native: Native) -> None:
    answer = native.delete("/api/errors")
    assert (answer.status_code, answer.content) == (405, b'{"detail":"Method not allowed"}')


def test_hostile_texts_are_stored_or_refused_never_a_fault(native: Native) -> None:
    for text in ("\0", "\ud800", "'; DROP TABLE errors_issue; --", "<script>", "😀" * 50):
        answer = native.report(
            project=text,
            exception_type=text,
            message=text,
            traceback=text,
            environment=text,
            user_id=text,
            request_method=text,
            request_url=text,
            request_headers={text: text, "a\r\nSet-Cookie": "b\r\nc"},
        )
        assert answer.status_code in (200, 201), text


def test_resolving_by_the_pages_is_what_a_report_reopens(native: Native) -> None:
    native.report()
    issue = the_issue()
    resolve_issues(Issue.objects.all(), user=None, now=issue.last_seen_at)

    assert json.loads(native.report().content)["status"] == "reopened"
