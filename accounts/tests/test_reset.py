"""Asking for a reset mail, with and without a mail server."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app as app
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def tasks_run_at_once() -> Iterator[None]:
    cache.clear()
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_without_a_mail_server_the_page_names_the_command(client: Client) -> None:
    answer = client.get(RESET)
    assert b"reset_link NAME" in answer.content
    User.objects.create_user("ana", "ana@example.com")
    client.post(RESET, {"email": "ana"})
    assert mail.outbox == []


def test_the_mail_has_a_link(client: Client, settings: Any) -> None:
    settings.HAS_EMAIL = True
    User.objects.create_user("ana", "ana@example.com", "old password 1")
    assert client.get(RESET).status_code == 200
    assert (
        client.post(RESET, {"email": "ana"}).headers["Location"] == "/accounts/password/reset/done/"
    )
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_the_answer_does_not_tell_whether_somebody_exists(client: Client, settings: Any) -> None:
    settings.HAS_EMAIL = True
    User.objects.create_user("ana", "ana@example.com", "old password 1")
    known = client.post(RESET, {"email": "ana@example.com"}, follow=True)
    unknown = client.post(RESET, {"email": "bob@example.com"}, follow=True)
    assert known.content == unknown.content
    assert len(mail.outbox) == 1


def test_asking_again_and_again_is_limited(client: Client, settings: Any) -> None:
    settings.HAS_EMAIL = True
    answers = [client.post(RESET, {"email": "ana"}) for _ in range(6)]
    assert answers[-1].status_code == 429
