"""All keys in the admin: found, revoked and taken back by those who manage their project."""

from typing import Any

import pytest
from django.test import Client

from projects.models import ProjectKey
from projects.services import create_project
from projects.tests.team import Team, make_team

pytestmark = pytest.mark.django_db
KEYS = "/admin/projects/projectkey/"


@pytest.fixture
def team() -> Team:
    create_project(name="Foreign", platform="go", owner=None)
    return make_team(is_staff=True)


def page(client: Client, address: str = KEYS) -> str:
    return " ".join(client.get(address).content.decode().split())


def act(team: Team, who: str, action: str) -> None:
    """Do it with every key that there is."""
    pks = list(ProjectKey.objects.values_list("pk", flat=True))
    team.client(who).post(KEYS, {"action": action, "_selected_action": pks})


def revoked(team: Team) -> tuple[bool, bool]:
    """Whether the own and the foreign key are."""
    own = team.project.keys.get()
    foreign = ProjectKey.objects.exclude(project=team.project).get()
    return not own.is_active, not foreign.is_active


def test_staff_find_the_keys_of_their_own_projects(team: Team) -> None:
    own = team.project.keys.get().public_key
    foreign = ProjectKey.objects.exclude(project=team.project).get().public_key
    for where in (KEYS, f"{KEYS}?q=Default", f"{KEYS}?in_use=yes"):
        assert own in page(team.client("viewer"), where)
        assert foreign not in page(team.client("viewer"), where)
    assert own in page(team.client("viewer"), f"{KEYS}?q={own}")
    assert own not in page(team.client("viewer"), f"{KEYS}?in_use=no")
    assert foreign in page(team.client("superuser"))
    assert own not in page(team.client("stranger"))


def test_managers_revoke_and_take_back_the_keys_of_their_projects(team: Team) -> None:
    act(team, "manager", "revoke")
    assert revoked(team) == (True, False)
    act(team, "superuser", "revoke")
    assert revoked(team) == (True, True)
    act(team, "manager", "restore")
    assert revoked(team) == (False, True)


@pytest.mark.parametrize("who", ["stranger", "viewer", "member"])
def test_others_revoke_nothing(team: Team, who: str) -> None:
    act(team, who, "revoke")
    assert revoked(team) == (False, False)


def test_keys_are_never_deleted_or_typed_over(team: Team) -> None:
    key = team.project.keys.get()
    act(team, "superuser", "delete_selected")
    assert team.client("superuser").post(f"{KEYS}{key.pk}/delete/").status_code == 403
    assert 'name="_save"' not in page(team.client("superuser"), f"{KEYS}{key.pk}/change/")
    assert ProjectKey.objects.count() == 2


def test_the_list_asks_no_more_for_more_keys(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        team.project.keys.create(label=f"Key {number}")
    client = team.client("superuser")
    with django_assert_max_num_queries(6):
        client.get(KEYS)
