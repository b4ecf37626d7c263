"""manage.py enforce_retention: tells before, tells after, stops between steps."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from errors.models import Event
from errors.services import pace
from errors.services.retention import by_age
from errors.services.retention.lock import one_at_a_time
from errors.tests.factories import make_event, make_issue, make_project
from projects.models import Project

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _old_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two projects, each with one event of a hundred days and one of today."""
    # Nothing can be detached inside of a test's transaction, and a test's signals are its own.
    monkeypatch.setattr(by_age, "drop_partitions_before", lambda row_id: 0)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    for name in ("Shop", "Blog"):
        issue = make_issue(make_project(name), event_count=2)
        make_event(issue, at=timezone.now() - timedelta(days=100))
        make_event(issue)
    Session.objects.create(session_key="old", expire_date=timezone.now() - timedelta(days=1))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    call_command("enforce_retention", "--json", "--fast", *arguments)
    return json.loads(capsys.readouterr().out)


def test_a_dry_run_changes_nothing_and_foretells(capsys: pytest.CaptureFixture[str]) -> None:
    foretold = run(capsys, "--dry-run")
    assert foretold["dry_run"] and foretold["events"]["age"] == 2 and foretold["sessions"] == 1
    assert (Event.objects.count(), Session.objects.count()) == (4, 1)
    done = run(capsys)
    assert {name: done[name] for name in foretold} == foretold | {"dry_run": False}
    assert (Event.objects.count(), Session.objects.count()) == (2, 0)
    assert run(capsys)["events"]["age"] == 0


def test_one_project_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--project", "shop")["events"]["age"] == 1
    counts = [Event.objects.filter(project=each).count() for each in Project.objects.all()]
    assert (sorted(counts), Session.objects.count()) == ([1, 2], 1)
    with pytest.raises(CommandError, match="no project nowhere"):
        run(capsys, "--project", "nowhere")


def test_people_get_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("enforce_retention", "--dry-run")
    out = capsys.readouterr().out
    assert out.startswith("Would go:\n  events older than the policy keeps them ")
    assert " 2\n" in out


def test_a_second_run_says_that_one_is_under_way() -> None:
    with one_at_a_time(), pytest.raises(CommandError, match="under way"):
        call_command("enforce_retention")
    assert Event.objects.count() == 4


def test_a_signal_stops_it_between_two_steps(capsys: pytest.CaptureFixture[str]) -> None:
    pace.stopping.set()
    try:
        call_command("enforce_retention")
    finally:
        pace.stopping.clear()
    assert "Stopped before the end" in capsys.readouterr().out
    assert run(capsys)["complete"]
    assert Event.objects.count() == 2
