"""The first administrator, and links that reset a password."""

from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from accounts.services import (
    ensure_first_administrator,
    find_user,
    make_reset_link,
    send_reset_mail,
)

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "correct horse battery"


def test_first_start_makes_an_administrator_with_a_one_time_password() -> None:
    first = ensure_first_administrator()
    assert first is not None
    user = User.objects.get(name=first.name)
    assert user.is_superuser and user.is_staff and user.must_change_password
    assert user.check_password(first.one_time_password)
    assert len(first.one_time_password) >= 16


def test_second_start_makes_nobody() -> None:
    User.objects.create_user("ana")
    assert ensure_first_administrator() is None
    assert User.objects.count() == 1


def test_administrator_takes_email_and_password_from_the_settings(settings: Any) -> None:
    settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD = "Boss@Example.com", "given by the operator"
    first = ensure_first_administrator()
    assert first is not None and first.one_time_password == ""
    user = User.objects.get()
    assert user.email == "boss@example.com"
    assert user.check_password("given by the operator")
    assert not user.must_change_password


def test_people_are_found_by_name_and_email_whatever_the_capitals() -> None:
    ana = User.objects.create_user("Ana", "ana@example.com")
    assert find_user("ana") == ana
    assert find_user("ANA@example.com") == ana
    assert find_user("bob") is None


def test_switched_off_people_are_not_found() -> None:
    User.objects.create_user("ana", is_active=False)
    assert find_user("ana") is None


def test_names_differ_by_more_than_capitals() -> None:
    User.objects.create_user("Ana")
    with pytest.raises(Exception, match="A person with this name exists already"):
        User(name="ana", password="x").full_clean()


def test_reset_link_sets_a_password_once(client: Client) -> None:
    user = User.objects.create_user("ana", password="old password 1", must_change_password=True)
    link = make_reset_link(user)
    assert link.startswith("http://testserver/accounts/password/reset/key/")
    form = client.get(link, follow=True)
    assert b"Set a new password" in form.content
    address = form.redirect_chain[-1][0]
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert b"Your password is set" in client.post(address, data, follow=True).content
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert not user.must_change_password
    assert b"no longer valid" in Client().get(link, follow=True).content


def test_reset_link_ends_after_its_time(client: Client, settings: Any) -> None:
    link = make_reset_link(User.objects.create_user("ana", password="old password 1"))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert b"no longer valid" in client.get(link, follow=True).content


def test_reset_link_ends_when_the_email_changes(client: Client) -> None:
    user = User.objects.create_user("ana", "ana@example.com", "old password 1")
    link = make_reset_link(user)
    User.objects.update(email="other@example.com")
    assert b"no longer valid" in client.get(link, follow=True).content


def test_reset_mail_goes_to_the_address_kept_here() -> None:
    User.objects.create_user("ana", "ana@example.com", "old password 1")
    send_reset_mail(login="ANA")
    assert mail.outbox[0].to == ["ana@example.com"]
    assert "http://testserver/accounts/password/reset/key/" in mail.outbox[0].body


def test_no_mail_to_strangers_or_people_without_email() -> None:
    User.objects.create_user("ana")
    send_reset_mail(login="ana")
    send_reset_mail(login="nobody@example.com")
    assert mail.outbox == []


def test_command_prints_the_link_alone_on_the_last_line(client: Client) -> None:
    User.objects.create_user("ana", "ana@example.com", "old password 1")
    output = StringIO()
    call_command("reset_link", "ana@example.com", stdout=output)
    link = output.getvalue().splitlines()[-1]
    assert b"Set a new password" in client.get(link, follow=True).content


def test_command_names_the_person_it_does_not_know() -> None:
    with pytest.raises(CommandError, match="no active person called bob"):
        call_command("reset_link", "bob")
