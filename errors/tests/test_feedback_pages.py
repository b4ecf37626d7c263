"""Feedback on its pages: listed, searched, marked as handled, and nobody's but the members'."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from errors.models import Feedback, Issue
from errors.tests.factories import (
    make_attachment,
    make_event,
    make_feedback,
    make_issue,
    make_person,
    make_project,
)
from projects.models import Project
from projects.tests.team import make_team

pytestmark = pytest.mark.django_db
LIST = "/feedback/"
STATUS = "/feedback/status/"
SCRIPT = "<script>alert(1)</script>"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def issue(project: Project) -> Issue:
    return make_issue(project, number=41)


@pytest.fixture
def client(project: Project) -> Client:
    client = Client()
    client.force_login(make_person(project, "member", "ana"))
    return client


def page(client: Client, address: str = LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def change(client: Client, action: str, *rows: Feedback, **more: str) -> Any:
    data = {"action": action, "feedback": [row.pk for row in rows], **more}
    return client.post(STATUS, data, follow=True)


def test_feedback_says_who_wrote_what_about_which_issue(issue: Issue, client: Client) -> None:
    event = make_event(issue)
    row = make_feedback(
        issue.project,
        "It broke.\nTwice.",
        event=event,
        name="Bea",
        email="bea@example.com",
        url="https://shop.example.com/cart",
    )
    make_attachment(issue.project, PNG, own_id=row.own_id, filename="shot.png")
    shown = page(client)
    for text in ("Bea", "bea@example.com", "It broke. Twice.", "SHOP-41 ZeroDivisionError"):
        assert text in shown
    assert 'href="https://shop.example.com/cart"' in shown
    assert f'href="/projects/shop/issues/41/events/{event.event_id.hex}/"' in shown
    assert "/preview/" in shown
    assert 'data-live="/ws/issues/"' in shown


def test_the_list_of_a_project_has_its_own_alone(project: Project) -> None:
    other = make_project("Other")
    make_feedback(project, "Ours")
    make_feedback(other, "Theirs")
    client = Client()
    person = make_person(project)
    other.memberships.create(user=person)
    client.force_login(person)
    assert {"Ours", "Theirs"} <= set(page(client).replace("<", " ").replace(">", " ").split())
    shown = page(client, "/projects/shop/feedback/")
    assert "Ours" in shown
    assert "Theirs" not in shown
    assert 'data-live="/ws/projects/shop/"' in shown


def test_others_feedback_is_not_there(client: Client) -> None:
    foreign = make_project("Foreign")
    row = make_feedback(foreign, "Secret words")
    assert "Secret words" not in page(client)
    assert client.get("/projects/foreign/feedback/").status_code == 404
    assert change(client, "handle", row).status_code == 404
    assert Feedback.objects.get().handled_at is None
    assert Client().get(LIST).status_code == 302
    assert Client().post(STATUS).status_code == 302


def test_one_foreign_row_among_own_ones_changes_nothing(project: Project, client: Client) -> None:
    own, foreign = make_feedback(project, "Own"), make_feedback(make_project("Foreign"), "Foreign")
    assert change(client, "handle", own, foreign).status_code == 404
    assert not Feedback.objects.exclude(handled_at=None).exists()


def test_words_are_searched_without_capitals(project: Project, client: Client) -> None:
    make_feedback(project, "The CART is empty", name="Bea")
    make_feedback(project, "Nothing loads")
    shown = page(client, f"{LIST}?q=cart+bea")
    assert "The CART is empty" in shown
    assert "Nothing loads" not in shown
    assert "Nothing matches" in page(client, f"{LIST}?q=checkout")
    assert "Nothing matches" in page(client, f"{LIST}?q=%25")


def test_what_is_handled_moves_to_its_tab_and_back_by_undo(
    project: Project, client: Client
) -> None:
    row = make_feedback(project, "It broke.")
    shown = change(client, "handle", row).content.decode()
    assert "Feedback handled." in shown
    assert "No new feedback" in shown
    handled = page(client, f"{LIST}?state=handled")
    assert "It broke." in handled
    assert "by ana" in handled
    token = shown.split('name="token" value="')[1].split('"')[0]
    undone = client.post(reverse("issue_undo"), {"token": token, "next": LIST}, follow=True)
    assert "Feedback put back." in undone.content.decode()
    assert Feedback.objects.get().handled_by is None
    again = client.post(reverse("issue_undo"), {"token": token, "next": LIST}, follow=True)
    assert "stays as it is" in again.content.decode()


def test_an_undo_of_another_person_changes_nothing(project: Project, client: Client) -> None:
    row = make_feedback(project, "It broke.")
    shown = change(client, "handle", row).content.decode()
    token = shown.split('name="token" value="')[1].split('"')[0]
    client.force_login(make_person())
    client.post(reverse("issue_undo"), {"token": token})
    assert Feedback.objects.get().handled_at is not None


def test_viewers_read_and_change_nothing(project: Project) -> None:
    row = make_feedback(project, "It broke.")
    client = Client()
    client.force_login(make_person(project, "viewer"))
    assert 'name="action"' not in page(client)
    assert change(client, "handle", row).status_code == 403
    assert Feedback.objects.get().handled_at is None


@pytest.mark.parametrize("data", [{}, {"action": "handle"}, {"action": "x", "feedback": ["1"]}])
def test_a_change_of_nothing_is_refused(client: Client, data: dict[str, Any]) -> None:
    assert client.post(STATUS, data).status_code == 400


def test_one_is_never_sent_elsewhere(project: Project, client: Client) -> None:
    row = make_feedback(project, "It broke.")
    data = {"action": "handle", "feedback": [row.pk], "next": "https://evil.example.com/"}
    assert client.post(STATUS, data).headers["Location"] == LIST


def test_the_issue_and_the_event_show_what_people_wrote(issue: Issue, client: Client) -> None:
    event, other = make_event(issue), make_event(issue)
    make_feedback(issue.project, "About this", event=event)
    make_feedback(issue.project, "About the other", event=other)
    make_feedback(issue.project, "About nothing")
    tab = page(client, "/projects/shop/issues/41/feedback/")
    assert "About this" in tab
    assert "About the other" in tab
    assert "About nothing" not in tab
    shown = page(client, f"/projects/shop/issues/41/events/{event.event_id.hex}/")
    assert "About this" in shown
    assert "About the other" not in shown
    assert 'Feedback <span class="tab-count" title="2">2</span>' in shown


def test_an_event_that_is_gone_and_an_issue_that_is_deleted_are_no_links(
    issue: Issue, client: Client
) -> None:
    event = make_event(issue)
    make_feedback(issue.project, "It broke.", event=event)
    event.delete()
    assert "/events/" not in page(client)
    assert "SHOP-41" in page(client)
    Issue.objects.update(deleted_at=issue.last_seen_at)
    assert "SHOP-41" not in page(client)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x", "http://[x"])
def test_only_pages_become_links(project: Project, client: Client, url: str) -> None:
    make_feedback(project, "x", url=url)
    assert f'href="{url}"' not in page(client)


def test_nothing_that_people_write_becomes_markup(issue: Issue, client: Client) -> None:
    event = make_event(issue)
    evil = f'"><img src=x onerror=alert(1)>{SCRIPT}'
    make_feedback(issue.project, evil, event=event, name=evil, email=evil, url=f"https://{evil}")
    pages = (LIST, "/projects/shop/issues/41/feedback/", "/projects/shop/issues/41/")
    for address in pages:
        shown = page(client, address)
        assert SCRIPT not in shown
        assert "<img src=x" not in shown


def test_pages_say_what_would_be_there(issue: Issue, client: Client) -> None:
    make_event(issue)
    assert "No new feedback" in page(client)
    assert "Nothing handled yet" in page(client, f"{LIST}?state=handled")
    assert "No feedback" in page(client, "/projects/shop/issues/41/feedback/")


@pytest.mark.parametrize(
    ("address", "queries"), [(LIST, 10), ("/projects/shop/issues/41/feedback/", 16)]
)
def test_lists_need_few_queries(
    issue: Issue, client: Client, address: str, queries: int, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        row = make_feedback(issue.project, "It broke.", event=make_event(issue))
        make_attachment(issue.project, PNG, own_id=row.own_id)
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)


def test_the_admin_handles_searches_and_removes_in_bulk() -> None:
    team = make_team(is_staff=True)
    own, foreign = make_feedback(team.project, "Own WORDS"), make_feedback(make_project("B"), "B")
    address = "/admin/errors/feedback/"
    chosen = {"_selected_action": [own.pk, foreign.pk]}
    for who, count in (("viewer", 0), ("member", 1)):
        team.client(who).post(address, {"action": "handle", **chosen})
        assert Feedback.objects.exclude(handled_at=None).count() == count
    shown = page(team.client("viewer"), f"{address}?q=own+words&state=handled")
    assert "1 feedback" in shown
    assert "Own WORDS" in shown
    team.client("member").post(address, {"action": "reopen", **chosen})
    assert not Feedback.objects.exclude(handled_at=None).exists()
    team.client("member").post(address, {"action": "delete_selected", "post": "yes", **chosen})
    assert list(Feedback.objects.all()) == [foreign]
    assert page(team.client("superuser"), f"{address}{foreign.pk}/change/")
