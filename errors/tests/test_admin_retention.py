"""Retention in the admin: who decides, what counts, what would go."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from errors import tasks
from errors.models import Event
from errors.services.retention import preview
from errors.tests.factories import make_attachment, make_event, make_issue
from projects.models import Project, SitePolicy
from projects.tests.team import Team, make_team

pytestmark = pytest.mark.django_db
SITE = "/admin/projects/sitepolicy/1/change/"
LIST = "/admin/errors/projectretention/"


@pytest.fixture
def team() -> Team:
    """A project with events of 5, 40 and 80 days."""
    team = make_team(is_staff=True)
    issue = make_issue(team.project, event_count=3)
    for days in (5, 40, 80):
        make_event(issue, at=timezone.now() - timedelta(days=days))
    return team


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """One entry for each run that was asked for."""
    runs: list[bool] = []
    monkeypatch.setattr(tasks.enforce_retention, "delay", lambda: runs.append(True))
    return runs


def page_of(team: Team) -> str:
    return f"{LIST}{team.project.pk}/change/"


def send(client: Client, address: str, button: str, **numbers: str) -> str:
    answer = client.post(address, {button: "1", **numbers}, follow=True)
    return " ".join(answer.content.decode().split())


def test_a_preview_counts_and_saves_nothing(team: Team, started: list[bool]) -> None:
    text = send(team.client("manager"), page_of(team), "_preview", retention_days="30")
    assert "2 events would go now." in text
    assert "The oldest event that stays came" in text
    assert 'name="retention_days" value="30"' in text
    team.project.refresh_from_db()
    assert (team.project.retention_days, Event.objects.count(), started) == (None, 3, [])


def test_a_preview_of_what_lets_nothing_go(team: Team) -> None:
    text = send(team.client("manager"), page_of(team), "_preview", retention_days="100")
    assert "Nothing would go now." in text


def test_a_preview_without_time_says_at_least(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "COUNT_S", -1.0)
    text = send(team.client("manager"), page_of(team), "_preview", retention_days="30")
    assert "At least 2 events would go now." in text
    assert "There is more" in text


def test_saving_removes_in_the_background(
    team: Team, started: list[bool], django_capture_on_commit_callbacks: Any
) -> None:
    Project.objects.update(last_issue_number=41)
    with django_capture_on_commit_callbacks(execute=True):
        send(team.client("manager"), page_of(team), "_save", retention_days="30", max_events="500")
    team.project.refresh_from_db()
    assert (team.project.retention_days, team.project.max_events) == (30, 500)
    assert (team.project.resolved_days, team.project.last_issue_number) == (None, 41)
    assert started == [True]


@pytest.mark.parametrize("button", ["_preview", "_save"])
def test_a_number_out_of_bounds_is_refused(team: Team, button: str) -> None:
    text = send(team.client("manager"), page_of(team), button, retention_days="0")
    assert "greater than or equal to 1" in text
    assert "would go now" not in text


@pytest.mark.parametrize("who", ["viewer", "member"])
def test_others_look_and_change_nothing(team: Team, who: str) -> None:
    client = team.client(who)
    assert client.get(page_of(team)).status_code == 200
    for button in ("_preview", "_save"):
        assert client.post(page_of(team), {button: "1", "retention_days": "1"}).status_code == 403


def test_nobody_sees_or_previews_a_foreign_project(team: Team) -> None:
    client = team.client("stranger")
    assert client.get(page_of(team)).status_code == 302
    answer = client.post(page_of(team), {"_preview": "1", "retention_days": "1"})
    assert b"would go" not in answer.content
    assert b"Shop" not in client.get(LIST).content


def test_the_list_says_what_counts_and_who_said_so(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    SitePolicy.objects.create(pk=SitePolicy.ONLY, max_events=900)
    Project.objects.filter(pk=team.project.pk).update(retention_days=30)
    client = team.client("superuser")
    for number in range(5):
        Project.objects.create(name=f"P{number}", slug=f"p{number}", short_prefix=f"P{number}")
    with django_assert_max_num_queries(6):
        text = " ".join(client.get(LIST).content.decode().split())
    assert "30 (from this project)" in text
    assert "900 (from the site&#x27;s policy)" in text
    assert "1,000 (from the settings)" in text
    assert "for ever (from the settings)" in text


def test_a_projects_page_says_the_same_and_leads_there(team: Team) -> None:
    page = team.client("viewer").get(f"/admin/projects/project/{team.project.pk}/change/")
    text = " ".join(page.content.decode().split())
    assert "Days that events are kept: 90 (from the settings)" in text
    assert f'href="{page_of(team)}"' in text


def test_a_projects_page_says_what_is_kept_beside_events(team: Team) -> None:
    make_attachment(team.project, bytes(range(256)) * 8)
    client = team.client("superuser")
    for text in (
        client.get(page_of(team)).content.decode(),
        send(client, page_of(team), "_preview", retention_days="30"),
    ):
        assert "Kept beside events" in text
        assert "of 1 GB, other items: 0 B of 256 MB, feedback: 0 B of 16 MB" in text


def test_the_sites_policy_is_one_page_for_superusers(team: Team) -> None:
    client = team.client("superuser")
    assert client.get("/admin/projects/sitepolicy/").headers["Location"] == SITE
    assert "Empty: 90, from the settings." in client.get(SITE).content.decode()
    assert "2 events would go now." in send(client, SITE, "_preview", retention_days="30")
    assert not SitePolicy.objects.exists()
    send(client, SITE, "_save", retention_days="30")
    assert SitePolicy.objects.get().retention_days == 30
    assert "Empty: 30, from the site's policy." in client.get(page_of(team)).content.decode()
    for who in ("owner", "viewer"):
        assert team.client(who).get(SITE).status_code == 403
