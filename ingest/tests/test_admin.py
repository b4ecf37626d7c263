"""What was set aside, in the admin: the cause is shown, the body never; replay and delete."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from errors.models import Event
from ingest.digest import digest_batch
from ingest.inbox import set_inbox
from ingest.inbox.sqlite import SqliteInbox
from ingest.models import QuarantinedMessage
from ingest.tests.messages import make_event, make_message, make_project, put
from projects.tests.team import Team, make_team

pytestmark = pytest.mark.django_db
QUARANTINE = "/admin/ingest/quarantinedmessage/"
BODY = b"a body that nobody may read"


@pytest.fixture
def team(inbox: SqliteInbox) -> Team:
    """Staff in every role; a message set aside in their project, one in a foreign one."""
    team = make_team(is_staff=True)
    for key in (team.project.keys.get(), make_project("foreign", "FOREIGN")):
        put(inbox, replace(make_message(key, make_event()), body=BODY))
    digest_batch(inbox)
    return team


def text(client: Client, address: str = QUARANTINE) -> str:
    return " ".join(client.get(address).content.decode().split())


def own(team: Team) -> QuarantinedMessage:
    return QuarantinedMessage.objects.get(project=team.project)


def act(client: Client, action: str, *messages: QuarantinedMessage, **more: str) -> Any:
    data = {"action": action, "_selected_action": [each.pk for each in messages], **more}
    return client.post(QUARANTINE, data, follow=True)


def test_staff_see_cause_and_size_of_their_own(team: Team) -> None:
    page = text(team.client("viewer"))
    assert "CompressionError" in page
    assert f"{len(BODY)} B" in page
    assert "1 quarantined message" in page
    assert "2 quarantined messages" in text(team.client("superuser"))
    assert "0 quarantined messages" in text(team.client("stranger"))


def test_the_body_is_never_shown(team: Team) -> None:
    page = text(team.client("superuser"), f"{QUARANTINE}{own(team).pk}/change/")
    assert "CompressionError" in page
    assert BODY.decode() not in page


def test_a_replayed_message_goes_back_into_the_inbox(team: Team, inbox: SqliteInbox) -> None:
    message = own(team)
    message.body = make_message(team.project.keys.get(), make_event()).body
    message.save()
    answer = act(team.client("manager"), "replay", message)
    assert "1 went back into the inbox." in answer.content.decode()
    digest_batch(inbox)
    assert Event.objects.get().project == team.project


def test_an_inbox_that_is_full_is_a_message(team: Team, tmp_path: Path) -> None:
    full = SqliteInbox(tmp_path / "full.sqlite3", max_bytes=1, spool_bytes=1024)
    set_inbox(full)
    answer = act(team.client("manager"), "replay", own(team))
    assert "The inbox takes nothing now" in answer.content.decode()
    assert QuarantinedMessage.objects.count() == 2
    full.close()


@pytest.mark.parametrize("who", ["viewer", "member", "stranger"])
def test_only_managers_replay_and_delete(team: Team, inbox: SqliteInbox, who: str) -> None:
    client = team.client(who)
    act(client, "replay", own(team))
    act(client, "delete_selected", own(team), post="yes")
    assert QuarantinedMessage.objects.count() == 2
    assert inbox.depth() == 0


def test_managers_reach_their_own_project_only(team: Team, inbox: SqliteInbox) -> None:
    foreign = QuarantinedMessage.objects.exclude(project=team.project).get()
    client = team.client("manager")
    act(client, "replay", foreign)
    act(client, "delete_selected", foreign, post="yes")
    assert client.get(f"{QUARANTINE}{foreign.pk}/change/").status_code == 302
    assert QuarantinedMessage.objects.count() == 2
    act(client, "delete_selected", own(team), post="yes")
    assert QuarantinedMessage.objects.get() == foreign


def test_the_list_asks_little_of_the_database(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    client = team.client("superuser")
    with django_assert_max_num_queries(8):
        client.get(QUARANTINE)
