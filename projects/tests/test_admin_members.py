"""All members in the admin, and people who leave the site."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from projects.models import Membership
from projects.services import create_project
from projects.tests.team import Team, make_team

pytestmark = pytest.mark.django_db
MEMBERS = "/admin/projects/membership/"
USERS = "/admin/accounts/user/"


@pytest.fixture
def team() -> Team:
    create_project(name="Foreign", platform="go", owner=User.objects.create_user("elsewhere"))
    return make_team(is_staff=True)


def page(client: Client, address: str = MEMBERS) -> str:
    return " ".join(client.get(address).content.decode().split())


def remove(team: Team, who: str, *roles: str) -> str:
    pks = [team.membership(role).pk for role in roles]
    data = {"action": "delete_selected", "_selected_action": pks, "post": "yes"}
    answer = team.client(who).post(MEMBERS, data, follow=True)
    return " ".join(answer.content.decode().split())


def roles_of(team: Team) -> set[str]:
    return set(team.project.memberships.values_list("role", flat=True))


def test_staff_find_the_members_of_their_own_projects(team: Team) -> None:
    client = team.client("viewer")
    assert "4 memberships" in page(client)
    assert "elsewhere" not in page(client)
    assert "1 membership" in page(client, f"{MEMBERS}?role=owner")
    assert "1 membership" in page(client, f"{MEMBERS}?q=manager")
    assert "elsewhere" in page(team.client("superuser"))
    assert "0 memberships" in page(team.client("stranger"))


def test_owners_take_people_out_and_others_do_not(team: Team) -> None:
    remove(team, "manager", "viewer")
    assert "viewer" in roles_of(team)
    remove(team, "owner", "viewer", "member")
    assert roles_of(team) == {"manager", "owner"}


def test_the_last_owner_is_not_taken_out(team: Team) -> None:
    assert "owner in Shop as owner" in remove(team, "superuser", "owner", "viewer")
    address = f"{MEMBERS}{team.membership('owner').pk}/delete/"
    team.client("superuser").post(address, {"post": "yes"})
    assert roles_of(team) == {"viewer", "member", "manager", "owner"}


def test_a_person_who_alone_owns_a_project_is_not_deleted(team: Team) -> None:
    client, owner = team.client("superuser"), team.people["owner"]
    address = f"{USERS}{owner.pk}/delete/"
    assert "owner in Shop as owner" in page(client, address)
    client.post(address, {"post": "yes"})
    data = {"action": "delete_selected", "_selected_action": [owner.pk], "post": "yes"}
    client.post(USERS, data)
    assert User.objects.filter(pk=owner.pk).exists()
    assert roles_of(team) == {"viewer", "member", "manager", "owner"}


def test_the_only_two_owners_are_not_deleted_at_once(team: Team) -> None:
    Membership.objects.filter(project=team.project, role="manager").update(role="owner")
    pks = [team.people["owner"].pk, team.people["manager"].pk]
    client = team.client("superuser")
    client.post(USERS, {"action": "delete_selected", "_selected_action": pks, "post": "yes"})
    assert User.objects.filter(pk__in=pks).count() == 2
    client.post(f"{USERS}{pks[0]}/delete/", {"post": "yes"})
    assert list(User.objects.filter(pk__in=pks)) == [team.people["manager"]]


def test_others_are_deleted_with_their_memberships(team: Team) -> None:
    viewer = team.people["viewer"]
    team.client("superuser").post(f"{USERS}{viewer.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=viewer.pk).exists()
    assert roles_of(team) == {"member", "manager", "owner"}


def test_a_deleted_project_holds_nobody_back(team: Team) -> None:
    team.project.deleted_at = team.project.created_at
    team.project.save()
    owner = team.people["owner"]
    team.client("superuser").post(f"{USERS}{owner.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=owner.pk).exists()


def test_the_list_asks_no_more_for_more_members(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        team.project.memberships.create(user=User.objects.create_user(f"person{number}"))
    client = team.client("superuser")
    with django_assert_max_num_queries(6):
        client.get(MEMBERS)
