"""Work of the accounts app in the background."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.tasks import remove_old_sessions


@pytest.mark.django_db
def test_sessions_that_have_run_out_are_removed() -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="new", expire_date=now + timedelta(minutes=1))
    remove_old_sessions()
    assert Session.objects.get().session_key == "new"
