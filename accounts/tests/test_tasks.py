"""Work of the accounts app in the background."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import tasks
from accounts.api_token_services import create_api_token
from accounts.models import User
from accounts.tasks import remove_old_sessions


@pytest.mark.django_db
def test_sessions_that_have_run_out_are_removed() -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="new", expire_date=now + timedelta(minutes=1))
    remove_old_sessions()
    assert Session.objects.get().session_key == "new"


@pytest.mark.django_db
def test_the_moment_of_a_tokens_use_is_written() -> None:
    now = timezone.now()
    user = User.objects.create_user("ana")
    token, _ = create_api_token(user=user, label="Script", scopes=["errors:read"])
    tasks.write_token_use(token.pk, now.isoformat())
    token.refresh_from_db()
    assert token.last_used_at == now


def test_a_broker_that_is_away_keeps_no_program_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def fail(arguments: tuple[Any, ...], **options: Any) -> None:
        tried.append(arguments[0])
        raise OperationalError("the broker is away")

    monkeypatch.setattr(tasks.write_token_use, "apply_async", fail)
    tasks.note_token_use(7, timezone.now())
    tasks.notes.wait()
    assert tried == [7]
