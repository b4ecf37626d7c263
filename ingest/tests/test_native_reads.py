"""GET /api/errors and what belongs to it, as native-apis.md, section 2, says."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from errors.alerts import _channels, register_channel
from errors.models import Activity, Issue
from ingest.tests.native import BROWSER_STACK, TRACEBACK, Native
from projects.models import Membership, Project
from projects.services import create_project

pytestmark = pytest.mark.django_db

FLAT = [
    *("id", "fingerprint", "project", "exception_type", "message", "count"),
    *("first_seen", "last_seen", "resolved", "source"),
]


@pytest.fixture
def native() -> Native:
    return Native()


@pytest.fixture
def shop() -> Project:
    return create_project(name="Shop", platform="python", owner=None)


def read(native: Native, path: str = "/api/errors") -> Any:
    answer = native.get(path)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def types(native: Native, query: str = "") -> list[str]:
    return [error["exception_type"] for error in read(native, f"/api/errors?{query}")["errors"]]


def test_list_holds_flat_objects_in_compact_json(native: Native) -> None:
    made = json.loads(native.report().content)
    issue = Issue.objects.get()

    answer = native.get("/api/errors")

    seen = f"{issue.first_seen_at:%Y-%m-%dT%H:%M:%SZ}"
    assert answer.content.decode() == (
        f'{{"errors":[{{"id":{issue.pk},"fingerprint":"{made["fingerprint"]}","project":"shop",'
        f'"exception_type":"ZeroDivisionError","message":"division by zero","count":1,'
        f'"first_seen":"{seen}","last_seen":"{seen}","resolved":false,"source":"server"}}],'
        f'"total":1,"limit":50,"offset":0}}'
    )


def test_last_seen_comes_first(native: Native) -> None:
    for name in ("A", "B", "C"):
        native.report(exception_type=name, traceback="")
    native.report(exception_type="A", traceback="")

    assert types(native) == ["A", "C", "B"]


def test_filters_by_project_environment_source_and_words(native: Native) -> None:
    native.report(exception_type="A", traceback="", environment="staging", message="no more tea")
    native.report(exception_type="B", traceback="", project="billing", message="no more Coffee")
    native.report(exception_type="C", traceback=BROWSER_STACK)

    assert types(native, "project=billing") == ["B"]
    assert types(native, "project=nothing") == []
    assert types(native, "environment=staging") == ["A"]
    assert types(native, "environment=prod") == ["C", "B"]
    assert types(native, "source=browser") == ["C"]
    assert types(native, "source=server") == ["B", "A"]
    assert types(native, "search=coffee") == ["B"]
    assert types(native, "search=more+no&environment=prod") == ["B"]
    assert types(native, "project=&environment=&source=&since=&search=&resolved=") == [
        *("C", "B", "A")
    ]


def test_filters_by_since(native: Native) -> None:
    native.report()
    last = Issue.objects.get().last_seen_at
    for shift_s, count in ((-1, 1), (1, 0)):
        moment = last + timedelta(seconds=shift_s)
        assert len(types(native, f"since={moment:%Y-%m-%dT%H:%M:%SZ}")) == count
        assert len(types(native, f"since={moment:%Y-%m-%dT%H:%M:%S}")) == count
    assert len(types(native, "since=2026-01-01")) == 1


@pytest.mark.parametrize(
    "garbage",
    [
        "yesterday",
        "1e400",
        "2026-13-45",
        "0001-01-01T00:00:00%2B14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_since_that_is_no_time_is_400_never_a_fault(native: Native, garbage: str) -> None:
    answer = native.get(f"/api/errors?since={garbage}")
    assert (answer.status_code, answer.content) in [
        (400, b'{"detail":"Invalid parameter: since"}'),
        (200, b'{"errors":[],"total":0,"limit":50,"offset":0}'),
    ]


def test_resolved_is_false_unless_asked_for(native: Native) -> None:
    for name in ("A", "B", "C"):
        native.report(exception_type=name, traceback="")
    native.post(f"/api/errors/{Issue.objects.get(type='B').pk}/resolve")
    Issue.objects.filter(type="C").update(status="archived")

    assert types(native) == types(native, "resolved=false") == ["A"]
    assert sorted(types(native, "resolved=true")) == ["B", "C"]


def test_pages_by_limit_and_offset(native: Native) -> None:
    for name in ("A", "B", "C"):
        native.report(exception_type=name, traceback="")

    page = read(native, "/api/errors?limit=2&offset=1")
    assert [error["exception_type"] for error in page["errors"]] == ["B", "A"]
    assert (page["total"], page["limit"], page["offset"]) == (3, 2, 1)
    assert read(native, "/api/errors?limit=201")["limit"] == 200


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5000, "-1", "1.5", "x", "²", "%20", ""])
def test_huge_or_odd_numbers_are_bounded(native: Native, number: str) -> None:
    native.report()
    page = read(native, f"/api/errors?limit={number}&offset=0")
    assert page["limit"] in (50, 200)
    page = read(native, f"/api/errors?offset={number}")
    assert page["offset"] in (0, 10_000)


@pytest.mark.parametrize(
    "name", ["project", "environment", "source", "session_id", "search", "resolved", "limit"]
)
@pytest.mark.parametrize(
    "text", ["' OR 1=1 --", '"; DROP TABLE errors_issue; --', "%", "\\", "😀", "a" * 3000]
)
def test_sql_in_filters_finds_nothing_and_harms_nothing(
    native: Native, name: str, text: str
) -> None:
    native.report()
    answer = native.client.get("/api/errors", {name: text}, headers=native.headers)
    assert answer.status_code in (200, 400)
    if name not in ("resolved", "limit") and answer.status_code == 200:
        assert json.loads(answer.content)["errors"] == []
    assert len(types(native)) == 1


def test_list_takes_few_queries_however_long(
    native: Native, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    read(native)
    for number in range(5):
        native.report(exception_type=f"E{number}", traceback="")
    # The page of issues with their projects, the number of all, the fingerprints.
    with django_assert_num_queries(3):
        read(native)


def test_one_error_is_flat_with_its_newest_five_occurrences(native: Native) -> None:
    for number in range(7):
        native.report(
            message=f"attempt {number}",
            request_url="/pay?order=981",
            request_method="POST",
            request_headers={"Accept": "text/html", "X-Shop": "1"},
            user_id="user-42",
            extra={"attempt": number},
        )
    issue = Issue.objects.get()

    error = read(native, f"/api/errors/{issue.pk}")

    assert list(error) == [*FLAT, "traceback", "resolved_at", "occurrences"]
    assert error["traceback"] == TRACEBACK
    assert error["resolved_at"] is None
    assert [one["extra"] for one in error["occurrences"]] == [
        {"attempt": number} for number in (6, 5, 4, 3, 2)
    ]
    newest = error["occurrences"][0]
    assert newest == {
        "id": newest["id"],
        "timestamp": error["last_seen"],
        "request_url": "/pay?order=981",
        "request_method": "POST",
        "request_headers": {"Accept": "text/html", "X-Shop": "1"},
        "user_id": "user-42",
        "extra": {"attempt": 6},
        "traceback": TRACEBACK,
    }
    assert type(newest["id"]) is int


def test_occurrence_without_a_request_has_nulls(native: Native) -> None:
    native.report(traceback="")
    (one,) = read(native, f"/api/errors/{Issue.objects.get().pk}")["occurrences"]
    assert one["request_url"] is one["request_method"] is one["request_headers"] is None
    assert one["user_id"] is one["extra"] is None
    assert one["traceback"] == "ZeroDivisionError: division by zero\n"


def test_traceback_too_long_to_keep_is_written_anew(native: Native) -> None:
    frame = '  File "/srv/shop/deep.py", line 7, in again\n    again()\n'
    text = f"Traceback (most recent call last):\n{frame * 200}RecursionError: too deep\n"
    native.report(exception_type="RecursionError", message="too deep", traceback=text)

    assert read(native, f"/api/errors/{Issue.objects.get().pk}")["traceback"] == text


def test_resolve_answers_the_same_however_often(native: Native) -> None:
    native.report()
    pk = Issue.objects.get().pk
    for path in (f"/api/errors/{pk}/resolve", f"/api/errors/{pk}/resolve/"):
        answer = native.post(path)
        assert answer.status_code == 200
        assert answer.content == b'{"status":"resolved","id":%d}' % pk

    error = read(native, f"/api/errors/{pk}")
    assert error["resolved"] is True
    assert error["resolved_at"] == f"{Issue.objects.get().status_changed_at:%Y-%m-%dT%H:%M:%SZ}"
    assert Activity.objects.filter(kind="resolved").count() == 1


def test_issue_page_says_which_key_resolved(native: Native, shop: Project) -> None:
    native.report(project="Shop")
    issue = Issue.objects.get()
    native.post(f"/api/errors/{issue.pk}/resolve")
    person = User.objects.create_user("ana")
    Membership.objects.create(project=shop, user=person, role="viewer")
    client = Client()
    client.force_login(person)

    page = client.get(reverse("issue_activity", args=[shop.slug, issue.number]))
    assert "The API key <b>Worker</b> resolved it" in page.content.decode()


@pytest.mark.parametrize("number", ["0", "99999999", "9" * 30, "-1", "x", "1e3", "%00"])
@pytest.mark.parametrize("tail", ["", "/resolve"])
def test_what_is_not_there_is_404(native: Native, number: str, tail: str) -> None:
    path = f"/api/errors/{number}{tail}"
    answer = native.post(path) if tail else native.get(path)
    assert (answer.status_code, answer.content) == (404, b'{"detail":"Not found"}')


def test_a_projects_key_sees_and_closes_only_its_own(native: Native, shop: Project) -> None:
    native.report(project="Billing", exception_type="Foreign")
    native.report(project="Shop", exception_type="Own")
    own, foreign = Issue.objects.get(type="Own"), Issue.objects.get(type="Foreign")
    ours = Native(shop)

    assert types(ours) == ["Own"]
    assert types(ours, "project=Billing") == []
    assert read(ours, f"/api/errors/{own.pk}")["id"] == own.pk
    for answer in (
        ours.get(f"/api/errors/{foreign.pk}"),
        ours.post(f"/api/errors/{foreign.pk}/resolve"),
    ):
        assert (answer.status_code, answer.content) == (404, b'{"detail":"Not found"}')
    foreign.refresh_from_db()
    assert foreign.status == "unresolved"
    assert read(ours, "/api/projects") == {"projects": ["Shop"]}


def test_deleted_issues_and_projects_are_gone(native: Native, shop: Project) -> None:
    native.report(project="Shop")
    native.report(project="Billing")
    Issue.objects.filter(project__name="Billing").update(deleted_at=shop.created_at)
    Project.objects.filter(pk=shop.pk).update(deleted_at=shop.created_at)

    assert types(native) == []
    assert native.get(f"/api/errors/{Issue.objects.first().pk}").status_code == 404  # type: ignore[union-attr]
    assert read(native, "/api/projects") == {"projects": ["Billing"]}


@pytest.mark.parametrize("path", ["/api/errors", "/api/errors/1", "/api/projects", "/api/dsn-keys"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_every_read_needs_a_key_and_takes_a_slash(native: Native, path: str, slash: str) -> None:
    answer = Client().get(path + slash)
    assert (answer.status_code, answer.content) == (401, b'{"detail":"Invalid API key"}')
    assert native.get(path + slash).status_code in (200, 404)


def test_projects_are_names(native: Native, shop: Project) -> None:
    create_project(name="Billing", platform="python", owner=None)
    assert native.get("/api/projects").content == b'{"projects":["Billing","Shop"]}'


def test_test_alert_without_a_channel_is_503(native: Native) -> None:
    answer = native.post("/api/test-alert")
    assert answer.status_code == 503
    assert answer.content == b'{"detail":"No alert channel is configured"}'


def test_test_alert_reaches_every_channel(native: Native) -> None:
    said: list[str] = []
    register_channel(said.append)
    try:
        answer = native.post("/api/test-alert/")
    finally:
        _channels.clear()
    assert answer.status_code == 202
    assert said == ["This is a test alert of Catchall."]


def test_health_needs_no_key() -> None:
    answer = Client().get("/health")
    assert (answer.status_code, answer.content) == (200, b'{"status":"ok"}')


@pytest.mark.parametrize(("text", "is_shown"), [(TRACEBACK, False), ("it broke in pay", True)])
def test_page_shows_the_text_of_a_report_only_without_frames(
    native: Native, text: str, is_shown: bool
) -> None:
    native.report(traceback=text)
    issue = Issue.objects.select_related("project").get()
    client = Client()
    client.force_login(User.objects.create_superuser("root"))

    page = client.get(reverse("issue", args=[issue.project.slug, issue.number])).content.decode()

    assert ("it broke in pay" in page) is is_shown
    assert "Traceback (most recent call last)" not in page


def test_one_error_takes_few_queries_however_many_events(
    native: Native, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(8):
        native.report()
    pk = Issue.objects.get().pk
    read(native, f"/api/errors/{pk}")
    # The issue, its keys, five events, their payloads one by one, the fingerprint.
    with django_assert_max_num_queries(10):
        read(native, f"/api/errors/{pk}")
