"""The scene of all these tests: made through the front door, as an SDK and a browser would."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.api_token import Scope
from accounts.api_token_services import create_api_token
from accounts.models import User
from accounts.tokens import issue_pair
from config.tests.hostile.event import hostile_envelope
from config.tests.hostile.probe import PROBE
from config.tests.hostile.scene import PASSWORD, Scene, poison
from errors.models import Event, Issue
from errors.services.record import forget_caches
from errors.services.status import archive_issues
from ingest.digest import digest_batch
from ingest.digest.marks import forget_marks
from ingest.inbox import set_inbox
from ingest.inbox.sqlite import SqliteInbox
from ingest.keys import key_cache, load_key
from ingest.tests.messages import make_raw_message, put
from projects.models import Project, ProjectKey, SimpleKey
from projects.native_key_services import create_native_key
from projects.services import create_project

MEBIBYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Nothing is remembered of another test's database or attempts."""
    forget_caches()
    forget_marks()
    key_cache.clear()
    cache.clear()
    yield
    cache.clear()
    key_cache.clear()


@pytest.fixture(autouse=True)
def _say_less(caplog: pytest.LogCaptureFixture) -> None:
    """A line for each of some ten thousand requests takes a fifth of their time."""
    caplog.set_level(logging.WARNING)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[SqliteInbox]:
    """The process's inbox, new and empty."""
    inbox = SqliteInbox(tmp_path / "inbox.sqlite3", max_bytes=64 * MEBIBYTE, spool_bytes=MEBIBYTE)
    set_inbox(inbox)
    yield inbox
    set_inbox(None)
    inbox.close()


@pytest.fixture
def scene(db: None, inbox: SqliteInbox, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Two projects: the victims', full of hostile words, and the stranger's."""
    owner = User.objects.create_user("owner", "owner@example.com", PASSWORD)
    project = create_project(name="Victims", platform="python", owner=owner)
    create_native_key(project=project, label="theirs", created_by=owner)
    SimpleKey.objects.create(project=project, key=PROBE)
    create_api_token(user=owner, label="hers", scopes=Scope.values)
    key = project.keys.get()
    put(inbox, make_raw_message(key, hostile_envelope(), event_id="5d" * 16))
    put(inbox, make_raw_message(key, b"{}\n" + b'{"type":"event"}\n' + PROBE.encode()))
    digest_batch(inbox)
    issue = Issue.objects.get(project=project)
    archive_issues(Issue.objects.filter(pk=issue.pk), user=owner, now=timezone.now())
    poison()
    issue.refresh_from_db()
    project.refresh_from_db()
    # After the poison: where the stranger meets it, it is the victims'.
    stranger = User.objects.create_user("stranger", "other@example.com", PASSWORD, is_staff=True)
    superuser = User.objects.create_superuser("root", "root@example.com", PASSWORD)
    own = create_project(name="Own", platform="python", owner=stranger)
    event = Event.objects.get(project=project)
    # The cache looks keys up on threads, which do not see what this test has not committed.
    known = {key: load_key(key) for key in ProjectKey.objects.values_list("public_key", flat=True)}
    monkeypatch.setattr(key_cache, "_load", known.get)
    theirs, everything = _programs_of(stranger, own), _programs_of(superuser, None)
    secrets = theirs | {
        "all rights": everything["token"] | everything["native key"],
        "all of the stranger's": theirs["token"] | theirs["native key"],
    }
    return Scene(project, own, owner, stranger, superuser, issue, event, secrets)


def _programs_of(person: User, project: Project | None) -> dict[str, dict[str, str]]:
    """What the person's programs send to say who they are."""
    token = create_api_token(user=person, label="own", scopes=Scope.values)[1]
    native_key = create_native_key(project=project, label="own", created_by=person)[1]
    access = issue_pair(person, now_s=int(time.time())).access_token
    return {
        "token": {"Authorization": f"Bearer {token}"},
        "access token": {"Authorization": f"Bearer {access}"},
        "native key": {"X-API-Key": native_key},
    }
