"""The list of issues as people use it, and the forms that change status."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from errors.models import Activity, Issue
from errors.tests.factories import (
    make_document,
    make_event,
    make_issue,
    make_person,
    make_project,
)
from projects.models import Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def member_client(project: Project) -> Client:
    client = Client()
    client.force_login(make_person(project))
    return client


def client_of(project: Project | None, role: str = "member") -> Client:
    client = Client()
    client.force_login(make_person(project, role))
    return client


def titles(client: Client, address: str = "/issues/", **params: Any) -> list[str]:
    response = client.get(address, params)
    return [row.issue.title for row in response.context["rows"]]


def undo_token(client: Client) -> str:
    page = client.get("/issues/").content.decode()
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


# Seeing


def test_the_first_page_is_the_list(member_client: Client) -> None:
    assert member_client.get("/").headers["Location"] == "/issues/"


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    assert client.get("/issues/").headers["Location"].startswith("/accounts/login/")


def test_members_see_the_issues_of_their_own_projects_only(
    project: Project, member_client: Client
) -> None:
    make_issue(project, title="Mine")
    make_issue(make_project("Other"), title="Theirs")
    assert titles(member_client) == ["Mine"]
    assert titles(member_client, "/projects/shop/issues/") == ["Mine"]
    assert member_client.get("/projects/other/issues/").status_code == 404


def test_issue_whose_first_event_is_not_yet_recorded_is_not_shown(
    project: Project, member_client: Client
) -> None:
    make_issue(project, event_count=0)
    assert titles(member_client) == []


def test_a_row_says_what_where_how_often_and_when(project: Project, member_client: Client) -> None:
    issue = make_issue(project, event_count=12_431, user_count=87, substatus="regressed")
    make_event(issue)
    page = member_client.get("/issues/").content.decode()
    for text in ("ZeroDivisionError", issue.short_id, "regressed", "division by zero"):
        assert text in page
    for text in (
        "checkout.services in pay",
        "12.4k",
        "12,431",
        "87",
        "2 min",
        "1 event in 24 hours",
    ):
        assert text in page


def test_tabs_show_one_status_each(project: Project, member_client: Client) -> None:
    for status in Issue.Status:
        make_issue(project, title=status.value, status=status)
    assert titles(member_client) == ["unresolved"]
    assert titles(member_client, status="resolved") == ["resolved"]
    assert titles(member_client, status="archived") == ["archived"]
    assert titles(member_client, status="nonsense") == ["unresolved"]


def test_search_finds_every_word_in_title_message_place_or_short_id(
    project: Project, member_client: Client
) -> None:
    make_issue(project, title="TimeoutError", culprit="payments.client in charge", number=7)
    make_issue(project, title="KeyError", value="'total'", number=8)
    assert titles(member_client, q="timeout charge") == ["TimeoutError"]
    assert titles(member_client, q="TOTAL") == ["KeyError"]
    assert titles(member_client, q="shop-7") == ["TimeoutError"]
    assert titles(member_client, q="timeout total") == []


def test_the_environment_filter_keeps_issues_that_happened_there(
    project: Project, member_client: Client
) -> None:
    make_event(make_issue(project, title="Staged"), make_document(environment="staging"))
    make_event(make_issue(project, title="Live"))
    assert titles(member_client, environment="staging") == ["Staged"]
    assert titles(member_client, environment="nowhere") == []


def test_headings_sort(project: Project, member_client: Client) -> None:
    now = timezone.now()
    make_issue(project, title="Frequent", event_count=9, last_seen_at=now - timedelta(hours=1))
    make_issue(project, title="Recent", event_count=1, last_seen_at=now)
    assert titles(member_client) == ["Recent", "Frequent"]
    assert titles(member_client, sort="events") == ["Frequent", "Recent"]


def test_pages_hold_fifty_and_keep_the_filter(project: Project, member_client: Client) -> None:
    for number in range(52):
        make_issue(project, number=number)
    page = member_client.get("/issues/", {"q": "zero", "page": "2"})
    assert len(page.context["rows"]) == 2
    assert b"51\xe2\x80\x9352 of 52" in page.content
    assert b"?q=zero&amp;page=1" in page.content


def test_an_empty_project_says_how_to_get_its_first_event(
    project: Project, member_client: Client
) -> None:
    page = member_client.get("/projects/shop/issues/").content.decode()
    assert "Waiting for the first event" in page
    assert "/projects/shop/setup/" in page


def test_somebody_without_a_project_is_shown_how_to_make_one() -> None:
    assert b"No projects yet" in client_of(None).get("/issues/").content


def test_a_search_for_what_no_database_takes_is_refused(member_client: Client) -> None:
    for params in ({"q": "a\0b"}, {"environment": "a\0b"}):
        assert member_client.get("/issues/", params).status_code == 400


def test_a_search_without_a_hit_offers_to_clear_it(member_client: Client) -> None:
    assert b"Clear the search" in member_client.get("/issues/", {"q": "zzz"}).content


def test_the_list_needs_few_queries(
    project: Project, member_client: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(30):
        make_event(make_issue(project))
    # Session, person; three counts, page, keys, hours, writable projects; newest; environments,
    # projects.
    with django_assert_num_queries(12):
        member_client.get("/issues/")


def test_an_environment_counts_its_own_events(
    project: Project, member_client: Client, django_assert_num_queries: Any
) -> None:
    loud, quiet = make_issue(project, event_count=1242), make_issue(project, event_count=7)
    for environment, issue in (("prod", loud), ("stage", loud), ("stage", quiet), ("stage", quiet)):
        make_event(issue, make_document(environment=environment))
    # And twice the keys of the environment.
    with django_assert_num_queries(14):
        page = member_client.get("/issues/", {"environment": "stage", "sort": "events"})
    assert [row.event_count for row in page.context["rows"]] == [2, 1]
    params = {"environment": "stage", "ids": f"{loud.pk}"}
    rows = member_client.get("/issues/rows/", params).context["rows"]
    assert [row.event_count for row in rows] == [1]


def test_the_list_of_one_project_needs_one_query_more(
    project: Project, member_client: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(30):
        make_event(make_issue(project))
    with django_assert_num_queries(13):
        member_client.get("/projects/shop/issues/")


# Moving


@pytest.mark.parametrize("rare_keys", [0, 5_000])
def test_common_and_rare_environments_are_read_from_either_end(
    project: Project, member_client: Client, monkeypatch: pytest.MonkeyPatch, rare_keys: int
) -> None:
    monkeypatch.setattr("errors.queries.issues.RARE_KEYS", rare_keys)
    staged, other = make_issue(project, title="Staged"), make_issue(project, title="Other")
    make_event(staged, make_document(environment="stage"))
    make_event(other, make_document(environment="prod"))
    for sort in ("last_seen", "first_seen", "events", "people"):
        assert titles(member_client, environment="stage", sort=sort) == ["Staged"]
    assert titles(member_client, environment="stage", q="other") == []


def test_long_lists_are_counted_up_to_a_bound(
    project: Project, member_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        make_event(make_issue(project), make_document(environment="stage"))
    monkeypatch.setattr("errors.queries.issues.MAX_LISTED", 3)
    monkeypatch.setattr("errors.queries.issues.MAX_LISTED_OF_ENVIRONMENT", 2)
    page = member_client.get("/issues/").content.decode()
    assert "of 3 or more" in page
    assert ">3+</span>" in page
    assert "of 2 or more" in member_client.get("/issues/?environment=stage").content.decode()


@pytest.mark.parametrize("sort", ["first_seen", "events", "people"])
def test_close_figures_are_told_apart(project: Project, member_client: Client, sort: str) -> None:
    now = timezone.now()
    for number in (1, 10, 12, 2, 13):
        make_issue(
            project,
            title=str(number),
            event_count=number,
            user_count=number,
            first_seen_at=now - timedelta(days=1) + timedelta(seconds=number),
        )
    assert titles(member_client, sort=sort) == ["13", "12", "10", "2", "1"]


def test_moving_rows_needs_few_queries(
    project: Project, member_client: Client, django_assert_num_queries: Any
) -> None:
    issues = [make_issue(project) for _ in range(5)]
    ids = ",".join(str(issue.pk) for issue in issues)
    # Session, person; rows, keys, hours, writable projects; newer ones.
    with django_assert_num_queries(7):
        member_client.get("/issues/rows/", {"ids": ids, "since": "1"})


def test_rows_come_back_for_ids_that_one_may_see(project: Project, member_client: Client) -> None:
    mine = make_issue(project)
    theirs = make_issue(make_project("Other"))
    page = member_client.get("/issues/rows/", {"ids": f"{mine.pk},{theirs.pk},x"})
    assert f'id="issue-{mine.pk}"' in page.content.decode()
    assert f'id="issue-{theirs.pk}"' not in page.content.decode()
    assert member_client.get("/projects/other/issues/rows/").status_code == 404


def test_rows_announce_what_is_newer_and_fits_the_filter(
    project: Project, member_client: Client
) -> None:
    since = make_issue(project).pk
    make_issue(project, title="TimeoutError")
    make_issue(project, title="KeyError")
    params = {"since": str(since), "q": "timeout"}
    assert b"<b>1 new</b> since you looked" in member_client.get("/issues/rows/", params).content


# Changing


def test_selected_issues_are_resolved_and_put_back(project: Project, member_client: Client) -> None:
    first, second = make_issue(project), make_issue(project)
    form = {"action": "resolve", "issue": [first.pk, second.pk], "next": "/issues/?q=zero"}
    assert member_client.post("/issues/status/", form).headers["Location"] == "/issues/?q=zero"
    assert titles(member_client, status="resolved")
    member_client.post("/issues/status/", {"action": "reopen", "issue": [first.pk]})
    token = undo_token(member_client)
    member_client.post("/issues/undo/", {"token": token, "next": "/issues/"})
    assert set(Issue.objects.values_list("status", flat=True)) == {"resolved"}


def test_the_toast_offers_undo(project: Project, member_client: Client) -> None:
    issue = make_issue(project)
    member_client.post("/issues/status/", {"action": "archive", "issue": [issue.pk]})
    page = member_client.get("/issues/").content.decode()
    assert f"{issue.short_id} archived." in page
    assert 'action="/issues/undo/"' in page


def test_a_forged_undo_does_nothing(project: Project, member_client: Client) -> None:
    make_issue(project, status="resolved")
    member_client.post("/issues/undo/", {"token": "forged"})
    assert b"too late to undo" in member_client.get("/issues/").content
    assert not Activity.objects.exists()


def test_viewers_see_no_actions_and_may_not_act(project: Project) -> None:
    issue = make_issue(project)
    viewer = client_of(project, "viewer")
    assert b'name="issue"' not in viewer.get("/issues/").content
    form = {"action": "resolve", "issue": [issue.pk]}
    assert viewer.post("/issues/status/", form).status_code == 403
    issue.refresh_from_db()
    assert issue.status == "unresolved"


def test_issues_of_others_are_not_there(project: Project, member_client: Client) -> None:
    mine, theirs = make_issue(project), make_issue(make_project("Other"))
    form = {"action": "resolve", "issue": [mine.pk, theirs.pk]}
    assert member_client.post("/issues/status/", form).status_code == 404
    assert set(Issue.objects.values_list("status", flat=True)) == {"unresolved"}


def test_undo_of_others_issues_does_nothing(project: Project, member_client: Client) -> None:
    issue = make_issue(project)
    member_client.post("/issues/status/", {"action": "resolve", "issue": [issue.pk]})
    client_of(None).post("/issues/undo/", {"token": undo_token(member_client)})
    issue.refresh_from_db()
    assert issue.status == "resolved"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"action": "resolve"},
        {"action": "explode", "issue": "1"},
        {"issue": "x"},
        {"action": "resolve", "issue": "²"},
        {"action": "resolve", "issue": "9" * 5000},
    ],
)
def test_a_form_that_says_nothing_is_refused(member_client: Client, form: dict[str, str]) -> None:
    assert member_client.post("/issues/status/", form).status_code == 400


def test_status_changes_need_a_post(member_client: Client) -> None:
    assert member_client.get("/issues/status/").status_code == 405
    assert member_client.get("/issues/undo/").status_code == 405


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_a_form_leads_back_to_this_site_only(
    project: Project, member_client: Client, address: str
) -> None:
    form = {"action": "resolve", "issue": [make_issue(project).pk], "next": address}
    assert member_client.post("/issues/status/", form).headers["Location"] == "/issues/"
