"""A person's own settings, and the theme switch."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
SETTINGS = "/accounts/settings/"


@pytest.fixture
def ana(client: Client) -> User:
    user = User.objects.create_user("Ana", "ana@example.com", PASSWORD)
    client.force_login(user)
    return user


def answers(**changes: str) -> dict[str, str]:
    return {
        "email": "ana@example.com",
        "telegram_chat_id": "",
        "time_zone": "UTC",
        "theme": "system",
        **changes,
    }


def test_people_set_their_zone_theme_and_chat(client: Client, ana: User) -> None:
    data = answers(time_zone="Europe/Vienna", theme="dark", telegram_chat_id="12345")
    assert client.post(SETTINGS, data).status_code == 302
    ana.refresh_from_db()
    assert (ana.time_zone, ana.theme, ana.telegram_chat_id) == ("Europe/Vienna", "dark", "12345")
    page = client.get(SETTINGS).content
    assert b'data-theme="dark"' in page
    assert b"Your settings are saved." in page


def test_empty_answers_are_kept_as_absent(client: Client, ana: User) -> None:
    client.post(SETTINGS, answers(email="", current_password=PASSWORD))
    ana.refresh_from_db()
    assert ana.email is None
    assert ana.telegram_chat_id is None


def test_a_new_email_needs_the_password(client: Client, ana: User) -> None:
    answer = client.post(SETTINGS, answers(email="new@example.com"))
    assert b"Type your current password" in answer.content
    client.post(SETTINGS, answers(email="New@Example.com", current_password=PASSWORD))
    ana.refresh_from_db()
    assert ana.email == "new@example.com"


def test_the_password_cannot_be_guessed_here(client: Client, ana: User) -> None:
    cache.clear()
    data = answers(email="new@example.com", current_password="guess")
    codes = [client.post(SETTINGS, data).status_code for _ in range(21)]
    cache.clear()
    assert codes == [200] * 20 + [429]


def test_an_email_belongs_to_one_person(client: Client, ana: User) -> None:
    User.objects.create_user("bob", "bob@example.com")
    data = answers(email="BOB@example.com", current_password=PASSWORD)
    assert b"already exists" in client.post(SETTINGS, data).content


def test_an_unknown_time_zone_is_refused(client: Client, ana: User) -> None:
    answer = client.post(SETTINGS, answers(time_zone="Mars/Olympus"))
    assert b"field-error" in answer.content
    ana.refresh_from_db()
    assert ana.time_zone == "UTC"


def test_a_zone_out_of_the_list_is_kept(client: Client, ana: User) -> None:
    User.objects.update(time_zone="Etc/GMT+3")
    assert client.post(SETTINGS, answers(time_zone="Etc/GMT+3")).status_code == 302


def test_nobody_makes_themselves_staff(client: Client, ana: User) -> None:
    client.post(SETTINGS, {**answers(), "is_staff": "on", "is_superuser": "on", "name": "root"})
    ana.refresh_from_db()
    assert (ana.name, ana.is_staff, ana.is_superuser) == ("Ana", False, False)


def test_the_switch_in_the_bar_keeps_the_theme(client: Client, ana: User) -> None:
    answer = client.post("/accounts/theme/", {"theme": "dark", "next": "/projects/"})
    assert answer.headers["Location"] == "/projects/"
    assert client.post("/accounts/theme/", {"theme": "pink"}).status_code == 400
    assert client.post("/accounts/theme/", {"theme": "light", "next": "//evil.example/"}).headers[
        "Location"
    ] == (SETTINGS)
    script = client.post("/accounts/theme/", {"theme": "light"}, headers={"HX-Request": "true"})
    assert script.status_code == 204
    ana.refresh_from_db()
    assert ana.theme == "light"


@pytest.mark.parametrize("address", [SETTINGS, "/accounts/theme/", "/accounts/password/change/"])
def test_strangers_are_asked_to_sign_in(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"].startswith("/accounts/login/")


def test_settings_page_asks_little_of_the_database(
    client: Client, ana: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):  # session, person, the unchanged person, projects
        client.get(SETTINGS)


def test_password_page_asks_little_of_the_database(
    client: Client, ana: User, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):
        client.get("/accounts/password/change/")
