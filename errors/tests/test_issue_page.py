"""An issue's heading and tabs, and who may open them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from errors.models import Activity, Issue, Release, TagCount
from errors.tests.factories import make_document, make_event, make_issue, make_person, make_project
from projects.models import Project

pytestmark = pytest.mark.django_db

TABS = ("", "events/", "tags/", "activity/", "grouping/")


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def issue(project: Project) -> Issue:
    issue = make_issue(project, number=41, event_count=1243, user_count=87)
    make_event(issue)
    return issue


@pytest.fixture
def member_client(project: Project) -> Client:
    client = Client()
    client.force_login(make_person(project))
    return client


def address(tab: str = "") -> str:
    return f"/projects/shop/issues/41/{tab}"


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_is_for_members_only(issue: Issue, client: Client, tab: str) -> None:
    assert client.get(address(tab)).status_code == 302
    client.force_login(make_person(make_project("Other")))
    assert client.get(address(tab)).status_code == 404


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_carries_heading_and_facts(issue: Issue, member_client: Client, tab: str) -> None:
    page = member_client.get(address(tab)).content.decode()
    for text in ("SHOP-41", "ZeroDivisionError", "division by zero", "checkout.services in pay"):
        assert text in page
    for text in ("1.2k events", "87 people", "1,243 events"):
        assert text in page


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_can_hear_of_new_events(issue: Issue, member_client: Client, tab: str) -> None:
    page = member_client.get(address(tab)).content.decode()
    assert 'data-live="/ws/projects/shop/"' in page
    assert 'data-events="1243"' in page
    rows = f"/projects/shop/issues/rows/?ids={issue.pk}"
    assert f'data-rows="{rows}"' in page
    assert f'id="issue-{issue.pk}" data-events="1243"' in member_client.get(rows).content.decode()


@pytest.mark.parametrize(
    ("tab", "queries"),
    [("", 19), ("events/", 14), ("tags/", 11), ("activity/", 11), ("grouping/", 14)],
)
def test_tabs_need_few_queries(
    issue: Issue,
    member_client: Client,
    tab: str,
    queries: int,
    django_assert_num_queries: Any,
) -> None:
    for minutes in range(3, 9):
        make_event(issue, at=timezone.now() - timedelta(minutes=minutes))
    member_client.get(address(tab))
    with django_assert_num_queries(queries):
        assert member_client.get(address(tab)).status_code == 200


def test_an_unknown_issue_is_not_there(member_client: Client) -> None:
    assert member_client.get("/projects/shop/issues/99/").status_code == 404
    assert member_client.get(f"/projects/shop/issues/{10**30}/").status_code == 404


def test_a_deleted_issue_is_not_there(issue: Issue, member_client: Client) -> None:
    Issue.objects.update(deleted_at=timezone.now())
    assert member_client.get(address()).status_code == 404


def test_actions_fit_the_status(issue: Issue, member_client: Client) -> None:
    page = member_client.get(address()).content.decode()
    assert 'value="resolve"' in page
    assert 'value="archive"' in page
    Issue.objects.update(status="archived")
    page = member_client.get(address()).content.decode()
    assert 'value="reopen"' in page
    assert 'value="archive"' not in page


def test_viewers_are_offered_no_action(issue: Issue, project: Project, client: Client) -> None:
    client.force_login(make_person(project, "viewer"))
    assert b'name="action"' not in client.get(address()).content


def test_the_frame_leads_managers_to_the_settings(
    issue: Issue, project: Project, member_client: Client, client: Client
) -> None:
    client.force_login(make_person(project, "manager"))
    assert b"/projects/shop/settings/" in client.get(address()).content
    assert b"/projects/shop/settings/" not in member_client.get(address()).content


def test_the_histogram_has_thirty_days_a_table_and_releases(
    issue: Issue, project: Project, member_client: Client
) -> None:
    seen_at = timezone.now() - timedelta(days=9)
    Release.objects.create(project=project, version="v1.4.0", first_seen_at=seen_at)
    response = member_client.get(address())
    histogram = response.context["histogram"]
    assert (len(histogram.bars), len(histogram.days)) == (120, 30)
    assert sum(bar.count for bar in histogram.bars) == 1
    assert {mark.version for mark in histogram.marks} == {"v1.4.0", "v1.4.2"}
    assert b"v1.4.0 first seen" in response.content
    assert b"Events by day" in response.content


def test_events_are_listed_newest_first_with_their_place(
    issue: Issue, member_client: Client
) -> None:
    old = make_event(issue, make_document(environment="staging"), at=timezone.now() - timedelta(1))
    response = member_client.get(address("events/"))
    lines = response.context["lines"]
    assert lines[-1].event == old
    assert [line.environment for line in lines] == ["production", "staging"]
    assert lines[0].release == "v1.4.2"
    assert f"/events/{old.event_id.hex}/" in response.content.decode()


def test_tags_show_values_shares_and_the_rest(issue: Issue, member_client: Client) -> None:
    key = issue.keys.get()
    TagCount.objects.filter(key="region").delete()
    for value, count in (("eu", 60), ("us", 30), (TagCount.OTHER, 10)):
        TagCount.objects.create(grouping_key_id=key.pk, key="region", value=value, count=count)
    response = member_client.get(address("tags/"))
    region = next(tag for tag in response.context["tags"] if tag.key == "region")
    assert [(bar.value, bar.percent) for bar in region.bars] == [
        ("eu", 60),
        ("us", 30),
        ("others", 10),
    ]


def test_activity_says_who_did_what(issue: Issue, member_client: Client) -> None:
    user = make_person(name="ben")
    now = timezone.now()
    Activity.objects.create(issue=issue, user=user, kind="resolved", created_at=now)
    data = {"event": "0" * 32, "release": "v1.4.2"}
    Activity.objects.create(issue=issue, kind="regressed", data=data, created_at=now)
    page = " ".join(member_client.get(address("activity/")).content.decode().split())
    assert "<b>ben</b> resolved it" in page
    assert "It came back in v1.4.2" in page


def test_grouping_says_what_counted_and_why_the_rest_did_not(
    issue: Issue, member_client: Client
) -> None:
    page = member_client.get(address("grouping/")).content.decode()
    assert "By its exceptions" in page
    assert "1 of 15 frames contributes" in page
    assert "it belongs to a library" in page
    assert str(issue.keys.get().hash) in page


def test_grouping_follows_the_event_that_one_looks_at(issue: Issue, member_client: Client) -> None:
    document = make_document()
    document["grouping"] = {"strategy": "message", "parts": [{"message": "paid <n>"}]}
    older = make_event(issue, document, at=timezone.now() - timedelta(days=1))
    its_page = address(f"events/{older.event_id.hex}/")
    assert f'href="{its_page}grouping/"' in member_client.get(its_page).content.decode()
    page = member_client.get(f"{its_page}grouping/").content.decode()
    assert "By its message" in page
    assert f'href="{its_page}"' in page
    assert (
        "How the newest event was grouped"
        in member_client.get(address("grouping/")).content.decode()
    )


@pytest.mark.parametrize("tab", TABS)
def test_an_issue_without_kept_events_still_has_its_pages(
    project: Project, member_client: Client, tab: str
) -> None:
    make_issue(project, number=41)
    assert member_client.get(address(tab)).status_code == 200
