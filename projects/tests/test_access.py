"""Who may open and change what: each address, for everybody."""

import pytest

from projects.models import Project
from projects.native_key_services import create_native_key
from projects.tests.team import Team

EVERYBODY = ("viewer", "member", "manager", "owner", "superuser")
MANAGERS = ("manager", "owner", "superuser")
OTHERS = ("viewer", "member")

MANAGE = ("settings/", "keys/", "api-keys/", "delete/")
KEY_ACTIONS = ("label/", "revoke/", "restore/")
API_KEY_ACTIONS = ("change/", "revoke/", "restore/")
MEMBER_ACTIONS = ("role/", "remove/")


def base(team: Team) -> str:
    return f"/projects/{team.project.slug}/"


def writes(team: Team) -> list[str]:
    key = team.project.keys.get()
    api_key, _ = create_native_key(project=team.project, label="Worker")
    membership = team.membership("viewer")
    return [
        "settings/",
        "keys/",
        "api-keys/",
        "members/add/",
        *(f"keys/{key.pk}/{action}" for action in KEY_ACTIONS),
        *(f"api-keys/{api_key.pk}/{action}" for action in API_KEY_ACTIONS),
        *(f"members/{membership.pk}/{action}" for action in MEMBER_ACTIONS),
    ]


@pytest.mark.parametrize("page", ["settings/", "keys/", "api-keys/", "members/", "delete/"])
def test_pages_ask_strangers_to_sign_in(team: Team, page: str) -> None:
    answer = team.client("nobody").get(base(team) + page)
    assert answer.headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("page", ["settings/", "keys/", "api-keys/", "members/", "delete/"])
def test_pages_do_not_exist_for_people_outside(team: Team, page: str) -> None:
    assert team.client("stranger").get(base(team) + page).status_code == 404


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_inside_sees_the_members(team: Team, who: str) -> None:
    assert team.client(who).get(base(team) + "members/").status_code == 200


@pytest.mark.parametrize("page", MANAGE)
@pytest.mark.parametrize("who", EVERYBODY)
def test_managers_open_what_they_manage(team: Team, who: str, page: str) -> None:
    expected = 200 if who in MANAGERS else 403
    assert team.client(who).get(base(team) + page).status_code == expected


def test_writes_are_closed_to_everybody_else(team: Team) -> None:
    for address in writes(team):
        assert team.client("stranger").post(base(team) + address).status_code == 404
        for who in OTHERS:
            assert team.client(who).post(base(team) + address).status_code == 403
        sign_in = team.client("nobody").post(base(team) + address)
        assert sign_in.headers["Location"].startswith("/accounts/login/")
    unchanged = Project.objects.get(pk=team.project.pk)
    assert unchanged.keys.get().is_active
    assert unchanged.native_keys.get().is_active
    assert unchanged.memberships.count() == 4


def test_writes_are_open_to_managers(team: Team) -> None:
    for address in writes(team):
        assert team.client("manager").post(base(team) + address).status_code in (200, 302)


def test_actions_take_no_get(team: Team) -> None:
    key = team.project.keys.get()
    for action in KEY_ACTIONS:
        assert team.client("owner").get(f"{base(team)}keys/{key.pk}/{action}").status_code == 405
    for action in API_KEY_ACTIONS:
        assert team.client("owner").get(f"{base(team)}api-keys/1/{action}").status_code == 405


def test_keys_and_members_of_other_projects_are_not_there(team: Team) -> None:
    other = Project.objects.create(name="Other", slug="other", short_prefix="OTHER")
    other.memberships.create(user=team.people["owner"], role="owner")
    client = team.client("owner")
    key = team.project.keys.get()
    assert client.post(f"/projects/other/keys/{key.pk}/revoke/").status_code == 404
    of_project, _ = create_native_key(project=team.project, label="Worker")
    of_site, _ = create_native_key(project=None, label="Everything")
    for api_key in (of_project, of_site):
        for action in API_KEY_ACTIONS:
            answer = client.post(f"/projects/other/api-keys/{api_key.pk}/{action}")
            assert answer.status_code == 404
        api_key.refresh_from_db()
        assert api_key.is_active
    membership = team.membership("viewer")
    assert client.post(f"/projects/other/members/{membership.pk}/remove/").status_code == 404


def test_a_deleted_project_exists_for_nobody(team: Team) -> None:
    Project.objects.update(deleted_at="2026-01-01T00:00:00Z")
    for who in ("owner", "superuser"):
        assert team.client(who).get(base(team) + "members/").status_code == 404


def test_people_whose_account_is_switched_off_see_nothing(team: Team) -> None:
    owner = team.people["owner"]
    owner.is_active = False
    assert not Project.objects.visible_to(owner).exists()
    assert not Project.objects.managed_by(owner).exists()
