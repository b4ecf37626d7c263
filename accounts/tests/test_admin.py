"""People in the admin: for superusers."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db
USERS = "/admin/accounts/user/"
PASSWORD = "correct horse battery"


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_superuser_adds_a_person_with_a_password_to_change(root: User) -> None:
    data = {
        "name": "Ana",
        "email": "ANA@example.com",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "must_change_password": "on",
    }
    client_of(root).post(f"{USERS}add/", data)
    ana = User.objects.get(name="Ana")
    assert (ana.email, ana.must_change_password) == ("ana@example.com", True)
    assert ana.check_password(PASSWORD)


def test_a_person_without_email_is_added(root: User) -> None:
    data = {"name": "bob", "usable_password": "false"}
    client_of(root).post(f"{USERS}add/", data)
    bob = User.objects.get(name="bob")
    assert bob.email is None
    assert not bob.has_usable_password()


def test_a_name_is_taken_whatever_its_capitals(root: User) -> None:
    answer = client_of(root).post(f"{USERS}add/", {"name": "ROOT", "usable_password": "false"})
    assert b"A person with this name exists already." in answer.content


def test_a_superuser_switches_a_person_off(root: User) -> None:
    ana = User.objects.create_user("ana", password=PASSWORD)
    data = {"name": "ana", "time_zone": "UTC", "theme": "dark", "is_staff": "on"}
    client_of(root).post(f"{USERS}{ana.pk}/change/", data)
    ana.refresh_from_db()
    assert (ana.is_active, ana.is_staff, ana.theme) == (False, True, "dark")
    assert ana.check_password(PASSWORD)


def test_pages_open(root: User) -> None:
    client = client_of(root)
    for address in ("", "add/", f"{root.pk}/change/", f"{root.pk}/password/", "?q=root"):
        assert client.get(USERS + address).status_code == 200


def test_the_list_asks_no_more_for_more_people(
    root: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        User.objects.create_user(f"person{number}")
    client = client_of(root)
    with django_assert_max_num_queries(6):
        client.get(USERS)


def test_nobody_deletes_themselves(root: User) -> None:
    other = User.objects.create_user("ana")
    client = client_of(root)
    assert client.post(f"{USERS}{root.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{USERS}{other.pk}/delete/", {"post": "yes"})
    assert list(User.objects.all()) == [root]


def test_staff_neither_see_nor_change_people(root: User) -> None:
    client = client_of(User.objects.create_user("ana", is_staff=True))
    for address in ("", "add/", f"{root.pk}/change/", f"{root.pk}/password/"):
        assert client.get(USERS + address).status_code == 403
