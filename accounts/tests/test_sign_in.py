"""Signing in and out, and what a one-time password leads to."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_earlier_attempts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("Ana", "ana@example.com", PASSWORD)


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": login, "password": password, **more})


@pytest.mark.parametrize("login", ["Ana", "ana", "ana@example.com", " ANA@Example.com "])
def test_people_sign_in_by_name_or_email(client: Client, ana: User, login: str) -> None:
    assert sign_in(client, login).status_code == 302
    assert client.session["_auth_user_id"] == str(ana.pk)


def test_wrong_password_and_unknown_person_look_the_same(client: Client, ana: User) -> None:
    wrong = sign_in(client, "Ana", "guess")
    unknown = sign_in(client, "bob", "guess")
    unknown_email = sign_in(client, "bob@example.com", "guess")
    text = b"do not belong together"
    assert text in wrong.content and text in unknown.content and text in unknown_email.content
    assert wrong.status_code == unknown.status_code == 200


def test_switched_off_people_stay_out(client: Client, ana: User) -> None:
    User.objects.update(is_active=False)
    answer = sign_in(client, "Ana")
    assert answer.headers["Location"] == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session


def test_remembered_people_stay_signed_in(client: Client, ana: User) -> None:
    sign_in(client, "Ana", remember="on")
    assert not client.session.get_expire_at_browser_close()
    other = Client()
    sign_in(other, "Ana")
    assert other.session.get_expire_at_browser_close()


def test_sign_in_leads_back_to_where_one_wanted_to_go(client: Client, ana: User) -> None:
    assert sign_in(client, "Ana", next="/projects/").headers["Location"] == "/projects/"
    assert sign_in(Client(), "Ana", next="https://evil.example/").headers["Location"] == "/"


def test_guessing_a_password_ends_after_five_attempts(client: Client, ana: User) -> None:
    for _ in range(5):
        sign_in(client, "Ana", "guess")
    assert b"Too many failed attempts" in sign_in(client, "Ana").content
    assert "_auth_user_id" not in client.session


def test_guessing_names_ends_after_ten_attempts_from_one_address(client: Client, ana: User) -> None:
    for number in range(10):
        sign_in(client, f"name{number}", "guess")
    assert b"Too many failed attempts" in sign_in(client, "Ana").content


def test_the_admin_has_no_door_of_its_own(client: Client) -> None:
    User.objects.create_superuser("root", None, PASSWORD)
    data = {"username": "root", "password": PASSWORD, "next": "/admin/"}
    answer = client.post("/admin/login/", data)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def test_too_many_requests_from_one_address_are_told_to_wait(client: Client, ana: User) -> None:
    answers = [sign_in(client, "Ana", "guess") for _ in range(31)]
    assert answers[-1].status_code == 429
    assert b"Too many attempts" in answers[-1].content


def test_signing_out_needs_a_post(client: Client, ana: User) -> None:
    client.force_login(ana)
    assert b"Sign out?" in client.get("/accounts/logout/").content
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "address", ["signup/", "email/", "confirm-email/", "password/set/", "reauthenticate/", ""]
)
def test_what_has_no_page_here_has_no_address(client: Client, address: str) -> None:
    assert client.get(f"/accounts/{address}").status_code == 404


def test_a_one_time_password_must_change_first(client: Client, ana: User) -> None:
    User.objects.update(must_change_password=True)
    sign_in(client, "Ana")
    change = client.get("/projects/").headers["Location"]
    assert change == "/accounts/password/change/?next=/projects/"
    assert client.post("/accounts/settings/").headers["Location"].endswith("change/?next=/")
    assert b"one-time password" in client.get(change).content
    new = "another fine one"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(change, data).headers["Location"] == "/projects/"
    assert client.get("/projects/").status_code == 200


def test_a_one_time_password_lets_people_out(client: Client, ana: User) -> None:
    User.objects.update(must_change_password=True)
    client.force_login(ana)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/health").status_code == 200


def test_changing_the_password_asks_for_the_old_one(client: Client, ana: User) -> None:
    client.force_login(ana)
    data = {
        "oldpassword": "guess",
        "password1": "another fine one",
        "password2": "another fine one",
    }
    answer = client.post("/accounts/password/change/", data)
    assert b"This is not your current password" in answer.content
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_changing_the_password_ends_other_sessions(client: Client, ana: User) -> None:
    other = Client()
    client.force_login(ana)
    other.force_login(ana)
    data = {
        "oldpassword": PASSWORD,
        "password1": "another fine one",
        "password2": "another fine one",
    }
    client.post("/accounts/password/change/", data)
    assert client.get("/projects/").status_code == 200
    assert other.get("/projects/").status_code == 302
