"""The command that makes an account: native-apis.md, section 3, "add a user"."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def test_a_password_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("add_user", "ana", "--password", PASSWORD, "--email", "Ana@Example.com")
    ana = User.objects.get()
    assert ana.check_password(PASSWORD)
    assert (ana.email, ana.is_staff, ana.is_superuser) == ("ana@example.com", False, False)
    out = capsys.readouterr()
    assert PASSWORD not in out.out + out.err


def test_an_administrator_may_do_everything() -> None:
    call_command("add_user", "ana", "--password", PASSWORD, "--admin")
    ana = User.objects.get()
    assert (ana.is_staff, ana.is_superuser) == (True, True)


def test_a_password_comes_through_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    call_command("add_user", "ana")
    assert User.objects.get().check_password(PASSWORD)


def test_a_person_types_the_password_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal: Any = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", terminal)
    typed = iter([PASSWORD, PASSWORD, PASSWORD, "something else"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    call_command("add_user", "ana")
    assert User.objects.get().check_password(PASSWORD)
    with pytest.raises(CommandError, match="passwords differ"):
        call_command("add_user", "bob")


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("ana", "12345678", "too common"),
        ("ana", "", "too short"),
        ("a@b", PASSWORD, "Use letters"),
        ("BOB", PASSWORD, "exists already"),
    ],
)
def test_what_pages_refuse_the_command_refuses(name: str, password: str, why: str) -> None:
    User.objects.create_user("bob")
    with pytest.raises(CommandError, match=why):
        call_command("add_user", name, "--password", password)
    assert User.objects.count() == 1


def test_an_email_belongs_to_one_person() -> None:
    User.objects.create_user("bob", "bob@example.com")
    with pytest.raises(CommandError, match="email exists already"):
        call_command("add_user", "ana", "--password", PASSWORD, "--email", "Bob@example.com")
