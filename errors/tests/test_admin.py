"""The admin of issues and of what the digest wrote: who sees what, and triage in bulk."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from errors.models import (
    Activity,
    Attachment,
    Event,
    Issue,
    PayloadDictionary,
    StoredEnvelope,
    StoredItem,
)
from errors.storage.codec import compress
from errors.tests.factories import (
    make_attachment,
    make_event,
    make_feedback,
    make_issue,
    make_project,
)
from projects.tests.team import Team, make_team

pytestmark = pytest.mark.django_db
ISSUES = "/admin/errors/issue/"
EVENTS = "/admin/errors/event/"
MODELS = (
    "activity",
    "attachment",
    "environment",
    "event",
    "feedback",
    "groupingkey",
    "issue",
    "payloaddictionary",
    "release",
    "storedenvelope",
    "storeditem",
)


@pytest.fixture
def team() -> Team:
    """Staff in every role; one issue in their project, one in a foreign one."""
    team = make_team(is_staff=True)
    make_event(make_issue(team.project, title="Own crash"))
    make_event(make_issue(make_project("Foreign"), title="Foreign crash"))
    return team


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def act(client: Client, action: str, *issues: Issue, **more: str) -> Any:
    data = {"action": action, "_selected_action": [issue.pk for issue in issues], **more}
    return client.post(ISSUES, data, follow=True)


@pytest.mark.parametrize("model", MODELS)
def test_lists_open_for_everybody_on_the_staff(team: Team, model: str) -> None:
    add_rarer_rows(team)
    for who in ("stranger", "viewer", "owner", "superuser"):
        assert team.client(who).get(f"/admin/errors/{model}/").status_code == 200
    team.people["viewer"].is_staff = False
    team.people["viewer"].save()
    assert team.client("viewer").get(f"/admin/errors/{model}/").status_code == 302


def add_rarer_rows(team: Team) -> None:
    issue = Issue.objects.get(title="Own crash")
    Activity.objects.create(issue=issue, kind="resolved", created_at=issue.last_seen_at)
    StoredEnvelope.objects.create(id=5, project=team.project, headers={}, kept_bytes=0)
    StoredItem.objects.create(
        envelope_id=5,
        position=0,
        project=team.project,
        type="session",
        headers={},
        payload=b"x",
        payload_bytes=1,
        kept_bytes=1,
    )
    make_attachment(team.project)
    make_feedback(team.project, "It broke.")
    PayloadDictionary.objects.create(
        project=team.project,
        platform="python",
        version=1,
        sample_count=100,
        content=b"x" * 2048,
        created_at=issue.last_seen_at,
    )


@pytest.mark.parametrize("model", MODELS)
def test_rows_open_and_nobody_types_over_them(team: Team, model: str) -> None:
    add_rarer_rows(team)
    client = team.client("superuser")
    page = text(client, f"/admin/errors/{model}/")
    link = page.split(f'href="/admin/errors/{model}/', 2)[1].split('"')[0]
    row = text(client, f"/admin/errors/{model}/{link}")
    assert 'name="_save"' not in row
    assert client.get(f"/admin/errors/{model}/add/").status_code == 403


def test_staff_see_the_issues_of_their_own_projects(team: Team) -> None:
    page = text(team.client("viewer"), ISSUES)
    assert "Own crash" in page and "Foreign" not in page
    assert "Foreign crash" in text(team.client("superuser"), ISSUES)
    assert "Own crash" not in text(team.client("stranger"), ISSUES)


def test_foreign_rows_cannot_be_opened(team: Team) -> None:
    foreign = Issue.objects.get(title="Foreign crash")
    event = Event.objects.get(project=foreign.project)
    client = team.client("owner")
    for address in (f"{ISSUES}{foreign.pk}/change/", f"{EVENTS}{event.pk}/change/"):
        assert client.get(address).status_code == 302
        assert team.client("superuser").get(address).status_code == 200


def test_issues_are_found_filtered_and_opened_on_the_site(team: Team) -> None:
    client = team.client("viewer")
    assert "Own crash" in text(client, f"{ISSUES}?q=checkout.services")
    assert "Own crash" not in text(client, f"{ISSUES}?q=nothing")
    assert "Own crash" not in text(client, f"{ISSUES}?status=resolved")
    assert "Own crash" in text(client, f"{ISSUES}?level=40&project__id={team.project.pk}")
    issue = Issue.objects.get(title="Own crash")
    site = f"/projects/shop/issues/{issue.number}/"
    assert f'href="{site}"' in text(client, f"{ISSUES}{issue.pk}/change/")


@pytest.mark.parametrize(
    ("action", "status", "told"),
    [
        ("resolve", "resolved", "1 resolved."),
        ("archive", "archived", "1 archived."),
        ("reopen", "unresolved", "1 reopened."),
    ],
)
def test_members_triage_in_bulk(team: Team, action: str, status: str, told: str) -> None:
    Issue.objects.update(status="archived" if action == "reopen" else "unresolved")
    issue = Issue.objects.get(title="Own crash")
    assert told in act(team.client("member"), action, issue).content.decode()
    issue.refresh_from_db()
    assert issue.status == status
    assert Activity.objects.get(issue=issue).user == team.people["member"]


def test_viewers_and_strangers_triage_nothing(team: Team) -> None:
    own = Issue.objects.get(title="Own crash")
    foreign = Issue.objects.get(title="Foreign crash")
    act(team.client("viewer"), "resolve", own)
    act(team.client("owner"), "resolve", foreign)
    act(team.client("viewer"), "delete_selected", own, post="yes")
    act(team.client("owner"), "delete_selected", foreign, post="yes")
    assert set(Issue.objects.values_list("status", "deleted_at")) == {("unresolved", None)}


def test_a_member_here_and_viewer_there_triages_here_only(team: Team) -> None:
    foreign = Issue.objects.get(title="Foreign crash")
    foreign.project.memberships.create(user=team.people["member"], role="viewer")
    own = Issue.objects.get(title="Own crash")
    act(team.client("member"), "resolve", own, foreign)
    assert Issue.objects.get(status="resolved") == own


def test_deleting_asks_first_then_marks(team: Team) -> None:
    issue = Issue.objects.get(title="Own crash")
    client = team.client("member")
    assert "Are you sure" in act(client, "delete_selected", issue).content.decode()
    act(client, "delete_selected", issue, post="yes")
    issue.refresh_from_db()
    assert issue.deleted_at is not None
    assert "Own crash" not in text(client, ISSUES)


def test_one_issue_is_deleted_from_its_page(team: Team) -> None:
    issue = Issue.objects.get(title="Own crash")
    assert team.client("viewer").post(f"{ISSUES}{issue.pk}/delete/").status_code == 403
    team.client("owner").post(f"{ISSUES}{issue.pk}/delete/", {"post": "yes"})
    issue.refresh_from_db()
    assert issue.deleted_at is not None


def test_events_are_found_by_their_id(team: Team) -> None:
    own = Event.objects.get(project=team.project)
    foreign = Event.objects.exclude(project=team.project).get()
    client = team.client("viewer")
    assert "1 event" in text(client, f"{EVENTS}?q={own.event_id.hex}")
    assert "1 event" in text(client, f"{EVENTS}?q={own.event_id}")
    assert "0 events" in text(client, f"{EVENTS}?q={foreign.event_id.hex}")
    assert "0 events" in text(client, f"{EVENTS}?q=no+uuid")


def test_an_event_leads_to_its_page_on_the_site(team: Team) -> None:
    event = Event.objects.get(project=team.project)
    issue = Issue.objects.get(title="Own crash")
    site = f"/projects/shop/issues/{issue.number}/events/{event.event_id.hex}/"
    assert f'href="{site}"' in text(team.client("viewer"), f"{EVENTS}{event.pk}/change/")


def test_an_envelope_is_downloaded_by_those_who_see_its_row(team: Team) -> None:
    StoredEnvelope.objects.create(
        id=5, project=team.project, headers={"sdk": {"name": "js"}}, kept_bytes=0
    )
    StoredEnvelope.objects.create(id=6, project=make_project("Third"), headers={}, kept_bytes=0)
    address = "/admin/errors/storedenvelope/5/file/"
    assert f'href="{address}"' in text(team.client("viewer"), "/admin/errors/storedenvelope/")
    answer = team.client("viewer").get(address)
    assert answer.content == b'{"sdk":{"name":"js"}}\n'
    assert answer.headers["Content-Disposition"] == 'attachment; filename="5.envelope"'
    assert team.client("stranger").get(address).status_code == 404
    assert team.client("owner").get(address.replace("5", "6")).status_code == 404
    assert team.client("superuser").get(address.replace("5", "6")).status_code == 200
    assert Client().get(address).status_code == 302


def test_files_and_items_are_downloaded_by_those_who_see_their_rows(team: Team) -> None:
    add_rarer_rows(team)
    StoredItem.objects.update(payload=compress(b'{"sid": "1"}', None))
    for model, content in (("attachment", b"a,b\n"), ("storeditem", b'{"sid": "1"}')):
        row = apps.get_model("errors", model).objects.get()
        address = f"/admin/errors/{model}/{row.pk}/file/"
        assert f'href="{address}"' in text(team.client("viewer"), f"/admin/errors/{model}/")
        answer = team.client("viewer").get(address)
        assert answer.content == content
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert team.client("stranger").get(address).status_code == 404


@pytest.mark.parametrize("model", ["attachment", "storeditem"])
def test_managers_remove_files_and_items_and_make_room(team: Team, model: str) -> None:
    add_rarer_rows(team)
    make_attachment(make_project("Third"))
    rows = apps.get_model("errors", model).objects
    data = {"action": "delete_selected", "post": "yes"}
    chosen = {"_selected_action": list(rows.values_list("pk", flat=True))}
    team.client("member").post(f"/admin/errors/{model}/", data | chosen)
    assert rows.filter(project=team.project).count() == 1
    team.client("owner").post(f"/admin/errors/{model}/", data | chosen)
    assert not rows.filter(project=team.project).exists()
    assert Attachment.objects.exclude(project=team.project).count() == 1


def test_items_are_listed_by_type(team: Team) -> None:
    add_rarer_rows(team)
    client = team.client("viewer")
    assert "1 stored item" in text(client, "/admin/errors/storeditem/?type=session")
    assert "0 stored items" in text(client, "/admin/errors/storeditem/?type=span")


def test_titles_are_escaped(team: Team) -> None:
    Issue.objects.update(title="<script>alert(1)</script>")
    issue = Issue.objects.filter(project=team.project).get()
    client = team.client("superuser")
    for address in (ISSUES, EVENTS, f"{ISSUES}{issue.pk}/change/", "/admin/errors/groupingkey/"):
        assert "<script>alert" not in text(client, address)


@pytest.mark.parametrize("model", MODELS)
def test_lists_ask_no_more_for_more_rows(
    team: Team, model: str, django_assert_max_num_queries: Any
) -> None:
    add_rarer_rows(team)
    for _ in range(5):
        make_event(make_issue(team.project))
    client = team.client("superuser")
    with django_assert_max_num_queries(9):
        client.get(f"/admin/errors/{model}/")
