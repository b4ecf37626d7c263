"""Connecting an application: the page, the line that waits, and the test event."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from errors.models import Event, Issue
from ingest.digest import digest_batch
from ingest.errors import IngestError
from ingest.inbox import set_inbox
from ingest.inbox.sqlite import SqliteInbox
from ingest.sample_event import build_test_event, send_test_event
from projects.tests.team import Team, make_team

pytestmark = pytest.mark.django_db
SETUP = "/projects/shop/setup/"
STATUS = "/projects/shop/setup/status/"
TEST_EVENT = "/projects/shop/test-event/"


@pytest.fixture
def team() -> Team:
    return make_team()


def text(client: Client, address: str = SETUP) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_the_page_has_the_address_and_the_platform_of_the_project(team: Team) -> None:
    page = text(team.client("viewer"))
    assert team.project.keys.get().dsn in page
    assert "sentry-sdk[fastapi]" in page
    assert "Waiting for the first event" in page


def test_another_platform_is_a_link_away(team: Team) -> None:
    page = text(team.client("viewer"), SETUP + "?sdk=ruby")
    assert "bundle add sentry-ruby" in page
    assert 'href="?sdk=go"' in page


def test_without_a_working_key_the_page_says_so(team: Team) -> None:
    team.project.keys.update(revoked_at="2026-01-01T00:00:00Z")
    page = text(team.client("owner"))
    assert "Every key of this project is revoked" in page
    assert "Send a test event" not in page


def test_a_test_event_becomes_an_issue_and_the_line_a_link(team: Team, inbox: SqliteInbox) -> None:
    client = team.client("member")
    assert client.post(TEST_EVENT).headers["Location"] == SETUP
    assert "The test event is on its way" in text(client)
    assert digest_batch(inbox).quarantined == 0
    issue = Issue.objects.get()
    assert (issue.title, issue.culprit) == ("ZeroDivisionError", "shop.checkout.services in pay")
    status = text(client, STATUS)
    assert "Your first event is here" in status
    assert f'href="/projects/shop/issues/{issue.number}/"' in status
    assert "hx-trigger" not in status
    assert "Events arrive" in text(client)


def test_the_line_asks_again_until_then(team: Team) -> None:
    assert 'hx-trigger="every 2s' in text(team.client("viewer"), STATUS)


def test_when_all_issues_are_deleted_the_line_links_to_the_list(
    team: Team, inbox: SqliteInbox
) -> None:
    send_test_event(team.project)
    digest_batch(inbox)
    Issue.objects.update(deleted_at="2026-01-01T00:00:00Z")
    assert 'href="/projects/shop/issues/"' in text(team.client("viewer"), STATUS)


def test_the_test_event_has_the_id_it_answers(team: Team, inbox: SqliteInbox) -> None:
    event_id = send_test_event(team.project, sender="ana")
    digest_batch(inbox)
    assert Event.objects.get().event_id.hex == event_id


def test_a_project_without_a_key_cannot_be_tested(team: Team) -> None:
    team.project.keys.update(revoked_at="2026-01-01T00:00:00Z")
    with pytest.raises(IngestError, match="revoked"):
        send_test_event(team.project)
    client = team.client("owner")
    client.post(TEST_EVENT)
    assert "The test event was refused" in text(client)


def test_a_full_inbox_refuses_the_test_event(team: Team, tmp_path: Path) -> None:
    full = SqliteInbox(tmp_path / "full.sqlite3", max_bytes=1, spool_bytes=1024)
    set_inbox(full)
    with pytest.raises(IngestError, match="full or cannot be reached"):
        send_test_event(team.project)
    set_inbox(None)
    full.close()


def test_the_test_event_names_who_sent_it() -> None:
    assert build_test_event("0" * 32, 1.0, "ana")["user"] == {"username": "ana"}
    assert "user" not in build_test_event("0" * 32, 1.0, "")


@pytest.mark.parametrize("address", [SETUP, STATUS])
def test_only_members_see_the_page(team: Team, address: str) -> None:
    assert team.client("stranger").get(address).status_code == 404
    assert team.client("nobody").get(address).status_code == 302
    for who in ("viewer", "member", "manager", "owner", "superuser"):
        assert team.client(who).get(address).status_code == 200


def test_only_writers_send_test_events(team: Team, inbox: SqliteInbox) -> None:
    assert team.client("stranger").post(TEST_EVENT).status_code == 404
    assert team.client("viewer").post(TEST_EVENT).status_code == 403
    assert team.client("nobody").post(TEST_EVENT).status_code == 302
    assert inbox.depth() == 0
    assert "Send a test event" not in text(team.client("viewer"))
    assert team.client("superuser").get(TEST_EVENT).status_code == 405
    assert team.client("superuser").post(TEST_EVENT).status_code == 302
    assert inbox.depth() == 1


def test_the_page_asks_little_of_the_database(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    client = team.client("owner")
    with django_assert_max_num_queries(6):
        client.get(SETUP)
    with django_assert_max_num_queries(4):
        client.get(STATUS)
