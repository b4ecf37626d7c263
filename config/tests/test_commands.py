"""The operator's commands: status and send_test_event."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ingest.inbox import get_inbox, set_inbox
from ingest.inbox.fallback import FallbackInbox
from ingest.inbox.sqlite import SqliteInbox
from projects.models import Project
from projects.services import create_project

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inbox(tmp_path: Path) -> Iterator[SqliteInbox]:
    inbox = SqliteInbox(tmp_path / "inbox.sqlite3", max_bytes=10_000_000, spool_bytes=100_000)
    set_inbox(inbox)
    yield inbox
    set_inbox(None)
    inbox.close()


@pytest.fixture
def shop() -> Project:
    return create_project(name="Shop", platform="python", owner=None)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command(*arguments)
    return capsys.readouterr().out


def test_status_of_an_empty_site(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "status")
    assert "waiting in the inbox     0" in out
    assert "issues                   0" in out


def test_status_as_json_has_the_promised_keys(capsys: pytest.CaptureFixture[str]) -> None:
    numbers = json.loads(run(capsys, "status", "--json"))
    promised = {"inbox_depth", "inbox_oldest_s", "events", "issues", "quarantined", "disk_bytes"}
    assert promised <= set(numbers)
    assert numbers["inbox_depth"] == numbers["events"] == 0


def test_status_names_a_store_that_is_away(
    inbox: SqliteInbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = SqliteInbox(tmp_path / "no" / "inbox.sqlite3", max_bytes=1000, spool_bytes=1000)
    set_inbox(FallbackInbox(away, inbox))
    fault = "SQLite cannot be reached: unable to open database file"

    assert run(capsys, "status").splitlines()[-1] == fault
    assert json.loads(run(capsys, "status", "--json"))["inbox_faults"] == [fault]

    set_inbox(FallbackInbox(away, away))
    with pytest.raises(CommandError, match="unable to open"):
        call_command("status")


def test_a_test_event_goes_to_the_only_project(
    shop: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    out = run(capsys, "send_test_event")
    event_id = out.splitlines()[-1]
    (source,) = get_inbox().sources
    (delivery,) = source.read(max_messages=5, max_bytes=1_000_000, linger_ms=0)
    assert (delivery.message.project_id, delivery.message.event_id) == (shop.pk, event_id)
    assert json.loads(run(capsys, "status", "--json"))["inbox_depth"] == 1
    assert "the oldest for 0 s" in run(capsys, "status")


def test_a_test_event_needs_a_project(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="no project yet"):
        call_command("send_test_event")


def test_a_test_event_asks_which_project(shop: Project) -> None:
    create_project(name="Billing", platform="python", owner=None)
    with pytest.raises(CommandError, match=r"--project: billing, shop"):
        call_command("send_test_event")
    with pytest.raises(CommandError, match="--project"):
        call_command("send_test_event", "--project", "absent")
    call_command("send_test_event", "--project", "shop")


def test_a_project_without_a_key_says_so(shop: Project) -> None:
    shop.keys.all().delete()
    with pytest.raises(CommandError, match="Every key of the project is revoked"):
        call_command("send_test_event")
