"""Simple keys on the page of a project's keys and in the admin; and whom they lead to."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projects.models import Project, SimpleKey
from projects.named import Sender, find_or_make_project, find_sender, forget_senders, make_sender
from projects.services import create_project
from projects.tests.team import Team, make_team

pytestmark = pytest.mark.django_db

PAGE = "/projects/shop/keys/"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget_senders()


@pytest.fixture
def team() -> Team:
    return make_team()


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_manager_adds_revokes_and_restores_a_simple_key(team: Team) -> None:
    client = team.client("manager")

    client.post("/projects/shop/simple-keys/", {"key": "my-shop"})

    key = SimpleKey.objects.get()
    assert (key.project, key.is_automatic) == (team.project, False)
    page = text_of(client.get(PAGE))
    assert "<code>my-shop</code>" in page
    assert "Events that name my-shop come here now." in page
    client.post(f"/projects/shop/simple-keys/{key.pk}/revoke/")
    assert find_sender("my-shop") == Sender(is_refused=True)
    assert f"/projects/shop/simple-keys/{key.pk}/restore/" in text_of(client.get(PAGE))
    client.post(f"/projects/shop/simple-keys/{key.pk}/restore/")
    forget_senders()
    assert find_sender("my-shop") == Sender(team.project.pk)


@pytest.mark.parametrize("key", ["", " ", "x" * 201])
def test_what_is_no_key_is_refused(team: Team, key: str) -> None:
    client = team.client("manager")
    client.post("/projects/shop/simple-keys/", {"key": key})
    assert not SimpleKey.objects.exists()
    assert "A simple key is a text" in text_of(client.get(PAGE))


def test_key_of_another_project_is_not_taken_over(team: Team) -> None:
    other = create_project(name="Billing", platform="go", owner=None)
    SimpleKey.objects.create(project=other, key="my-shop")
    client = team.client("owner")

    client.post("/projects/shop/simple-keys/", {"key": "my-shop"})

    assert SimpleKey.objects.get().project == other
    assert "This simple key is taken" in text_of(client.get(PAGE))


@pytest.mark.parametrize("who", ["nobody", "stranger", "viewer", "member"])
def test_only_managers_reach_simple_keys(team: Team, who: str) -> None:
    key = SimpleKey.objects.create(project=team.project, key="my-shop")
    client = team.client(who)
    for path in ("", f"{key.pk}/revoke/", f"{key.pk}/restore/"):
        answer = client.post(f"/projects/shop/simple-keys/{path}", {"key": "other"})
        assert answer.status_code == {"nobody": 302, "stranger": 404}.get(who, 403)
    assert list(SimpleKey.objects.values_list("key", "revoked_at")) == [("my-shop", None)]


def test_a_manager_reaches_no_key_of_another_project(team: Team) -> None:
    other = create_project(name="Billing", platform="go", owner=None)
    key = SimpleKey.objects.create(project=other, key="theirs")
    answer = team.client("owner").post(f"/projects/shop/simple-keys/{key.pk}/revoke/")
    key.refresh_from_db()
    assert answer.status_code == 404
    assert key.is_active


def test_page_asks_no_more_for_many_keys(
    team: Team, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        SimpleKey.objects.create(project=team.project, key=f"key-{number}")
    client = team.client("owner")
    with django_assert_max_num_queries(7):
        client.get(PAGE)


def test_admin_revokes_and_restores_own_keys_alone() -> None:
    team = make_team(is_staff=True)
    other = create_project(name="Billing", platform="go", owner=None)
    own = SimpleKey.objects.create(project=team.project, key="ours")
    foreign = SimpleKey.objects.create(project=other, key="theirs")
    client: Client = team.client("manager")
    address = "/admin/projects/simplekey/"

    assert "theirs" not in text_of(client.get(address))
    for action, is_active in (("revoke", False), ("restore", True)):
        data = {"action": action, "_selected_action": [own.pk, foreign.pk]}
        client.post(address, data)
        own.refresh_from_db()
        foreign.refresh_from_db()
        assert (own.is_active, foreign.is_active) == (is_active, True)
    assert client.get(f"{address}add/").status_code == 200
    assert team.client("viewer").get(f"{address}add/").status_code == 403


def test_one_project_of_a_name_is_found_the_oldest_first() -> None:
    first = create_project(name="Shop", platform="go", owner=None)
    create_project(name="Shop", platform="go", owner=None)
    assert find_or_make_project(" Shop\n") == first.pk
    assert find_or_make_project("New") == find_or_make_project("New")
    assert Project.objects.count() == 3


def test_capitals_make_no_other_project_where_one_has_the_name() -> None:
    shop = create_project(name="Shop", platform="go", owner=None)
    assert find_or_make_project("shop") == shop.pk
    lower = create_project(name="shop", platform="go", owner=None)
    assert find_or_make_project("shop") == lower.pk
    assert find_or_make_project("SHOP") == shop.pk


def test_name_of_a_deleted_project_makes_another_one() -> None:
    gone = create_project(name="Shop", platform="go", owner=None)
    Project.objects.update(deleted_at=gone.created_at)
    assert find_or_make_project("Shop") != gone.pk


@pytest.mark.parametrize("name", ["\0", "😀" * 100, "a\nb", "admin", "new", "'; --", "x" * 100])
def test_any_name_makes_a_project(name: str) -> None:
    project = Project.objects.get(pk=find_or_make_project(name))
    assert find_or_make_project(name) == project.pk
    assert "\n" not in project.name


def test_sender_is_made_once_and_found_again() -> None:
    made = make_sender("my-app")
    assert make_sender("my-app") == find_sender("my-app") == made
    assert made == Sender(Project.objects.get(name="my-app").pk)
