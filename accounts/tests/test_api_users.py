"""`/api/v1/users/`: users, projects and tokens, row two, as a superuser and as anybody else."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.api import Program

pytestmark = pytest.mark.django_db
USERS = "/api/v1/users/"
GONE = b'{"message":"User deleted successfully"}'
UNKNOWN = b'{"detail":"User not found"}'


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", None, "correct horse battery")


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("ana", None, "correct horse battery")


@pytest.mark.parametrize("path", [USERS, USERS.rstrip("/")])
def test_a_superuser_adds_a_person_who_can_sign_in(root: User, path: str) -> None:
    body = {"name": "bob", "password": "pw", "telegram_chat_id": "12345"}
    answer = Program(root).post(path, body)
    bob = User.objects.get(name="bob")
    assert answer.status_code == 200
    assert answer.content == b'{"id":%d,"name":"bob","telegram_chat_id":"12345"}' % bob.pk
    assert bob.check_password("pw")
    assert not (bob.is_staff or bob.is_superuser or bob.must_change_password)


def test_without_a_chat_the_answer_says_null(root: User) -> None:
    answer = Program(root).post(USERS, {"name": "bob", "password": "pw"})
    assert answer.json()["telegram_chat_id"] is None


def test_only_superusers_add_people(ana: User) -> None:
    assert Program(ana).post(USERS, {"name": "bob", "password": "pw"}).status_code == 403
    assert not User.objects.filter(name="bob").exists()


@pytest.mark.parametrize("name", ["root", "ROOT"])
def test_a_name_belongs_to_one_person(root: User, name: str) -> None:
    assert Program(root).post(USERS, {"name": name, "password": "pw"}).status_code == 409


@pytest.mark.parametrize("name", ["", "a b", "a@b.de", "<b>", "x" * 101, "a\0b", None, {}])
def test_what_is_no_name_is_refused(root: User, name: Any) -> None:
    answer = Program(root).post(USERS, {"name": name, "password": "pw"})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "name"]


def test_nobody_becomes_a_superuser_by_asking(root: User, ana: User) -> None:
    body = {"name": "bob", "password": "pw", "is_superuser": True, "id": root.pk}
    bob = User.objects.get(pk=Program(root).post(USERS, body).json()["id"])
    Program(ana).put(f"{USERS}{ana.pk}", {"is_superuser": True, "is_staff": True})
    ana.refresh_from_db()
    assert not (bob.is_superuser or ana.is_superuser or ana.is_staff)


def test_a_superuser_sees_all_and_others_themselves(root: User, ana: User) -> None:
    assert [person["name"] for person in Program(root).get(USERS).json()] == ["root", "ana"]
    own = {"id": ana.pk, "name": "ana", "telegram_chat_id": None}
    assert Program(ana).get(USERS).json() == [own]
    assert Program(ana).get(f"{USERS}{ana.pk}").json() == own


@pytest.mark.parametrize("method", ["get", "put"])
@pytest.mark.parametrize("user_id", ["other", "999999", "0", "-1", "abc", "9" * 30, "1%00"])
def test_others_are_not_found(root: User, ana: User, method: str, user_id: str) -> None:
    path = f"{USERS}{root.pk if user_id == 'other' else user_id}"
    answer = getattr(Program(ana), method)(path)
    assert answer.status_code == 404
    assert answer.content == UNKNOWN


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_change_leaves_what_it_does_not_name(root: User, ana: User, slash: str) -> None:
    path = f"{USERS}{ana.pk}{slash}"
    assert Program(root).put(path, {"telegram_chat_id": "7"}).json() == {
        "id": ana.pk,
        "name": "ana",
        "telegram_chat_id": "7",
    }
    answer = Program(root).put(path, {"name": "anna"})
    assert answer.json() == {"id": ana.pk, "name": "anna", "telegram_chat_id": "7"}
    ana.refresh_from_db()
    assert ana.check_password("correct horse battery")


def test_nobody_takes_anothers_name(root: User, ana: User) -> None:
    assert Program(ana).put(f"{USERS}{ana.pk}", {"name": "Root"}).status_code == 409


def test_a_new_password_ends_sessions_and_tokens(root: User, ana: User) -> None:
    browser, program = Client(), Program(ana)
    browser.force_login(ana)
    assert Program(root).put(f"{USERS}{ana.pk}", {"password": "new"}).status_code == 200
    assert program.get(USERS).status_code == 401
    assert browser.get("/projects/").status_code == 302
    ana.refresh_from_db()
    assert ana.check_password("new")


def test_ones_own_password_must_be_hard_to_guess(root: User, ana: User) -> None:
    assert Program(root).put(f"{USERS}{root.pk}", {"password": "1234"}).status_code == 422
    answer = Program(ana).put(f"{USERS}{ana.pk}", {"password": "1234"})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "password"]
    assert Program(ana).put(f"{USERS}{ana.pk}", {"password": "staple.battery"}).status_code == 200


@pytest.mark.parametrize("slash", ["", "/"])
def test_deleting_says_so_and_says_it_again(root: User, ana: User, slash: str) -> None:
    for _ in range(2):
        answer = Program(root).delete(f"{USERS}{ana.pk}{slash}")
        assert answer.status_code == 200
        assert answer.content == GONE
    assert not User.objects.filter(pk=ana.pk).exists()


def test_deleting_whom_one_does_not_see_says_the_same_and_does_nothing(
    root: User, ana: User
) -> None:
    assert Program(ana).delete(f"{USERS}{root.pk}").content == GONE
    assert User.objects.filter(pk=root.pk).exists()


def test_nobody_deletes_themselves(root: User, ana: User) -> None:
    for person in (root, ana):
        assert Program(person).delete(f"{USERS}{person.pk}").status_code == 403
    assert User.objects.count() == 2


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_two_queries(
    root: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        User.objects.create_user(f"person-{number}")
    program = Program(root)
    with django_assert_num_queries(2):
        program.get(USERS)
