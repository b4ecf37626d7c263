"""Projects in the admin: staff manage their own, owners decide who is in."""

from typing import Any

import pytest
from django.test import Client

from common.sliding_window import Limit
from projects.models import Membership, Project
from projects.tests.team import Team, make_team

pytestmark = pytest.mark.django_db
PROJECTS = "/admin/projects/project/"


@pytest.fixture
def team() -> Team:
    Project.objects.create(name="Foreign", slug="foreign", short_prefix="FOREIGN")
    return make_team(is_staff=True)


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def form(team: Team, **changes: str) -> dict[str, str]:
    """The project's page as it stands, for sending it back."""
    key = team.project.keys.get()
    data = {
        "name": "Shop",
        "short_prefix": "SHOP",
        "platform": "go",
        "allowed_origins": "*",
        "keys-TOTAL_FORMS": "1",
        "keys-INITIAL_FORMS": "1",
        "keys-0-id": str(key.pk),
        "keys-0-project": str(team.project.pk),
        "keys-0-label": key.label,
        "memberships-TOTAL_FORMS": "4",
        "memberships-INITIAL_FORMS": "4",
    }
    for index, row in enumerate(Membership.objects.filter(project=team.project)):
        prefix = f"memberships-{index}-"
        data |= {
            f"{prefix}id": str(row.pk),
            f"{prefix}project": str(team.project.pk),
            f"{prefix}user": str(row.user_id),
            f"{prefix}role": row.role,
        }
    return data | changes


def change(team: Team, who: str, **changes: str) -> Any:
    address = f"{PROJECTS}{team.project.pk}/change/"
    return team.client(who).post(address, form(team, **changes))


def index_of(team: Team, role: str) -> int:
    rows = list(Membership.objects.filter(project=team.project))
    return next(index for index, row in enumerate(rows) if row.role == role)


def test_staff_see_their_own_projects(team: Team) -> None:
    assert "Foreign" not in page(team.client("viewer"), f"{PROJECTS}?q=")
    assert "Foreign" in page(team.client("superuser"), PROJECTS)
    foreign = Project.objects.get(name="Foreign")
    assert team.client("owner").get(f"{PROJECTS}{foreign.pk}/change/").status_code == 302


def test_pages_ask_little_of_the_database(team: Team, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        Project.objects.create(name=f"P{number}", slug=f"p{number}", short_prefix=f"P{number}")
        team.project.keys.create(label=f"Key {number}")
    client = team.client("superuser")
    for address, limit in ((PROJECTS, 5), (f"{PROJECTS}{team.project.pk}/change/", 10)):
        with django_assert_max_num_queries(limit):
            client.get(address)


@pytest.mark.parametrize(("who", "platform"), [("viewer", "python-fastapi"), ("manager", "go")])
def test_managers_change_settings_and_others_look(team: Team, who: str, platform: str) -> None:
    change(team, who)
    team.project.refresh_from_db()
    assert team.project.platform == platform


def test_a_prefix_is_one_projects_alone(team: Team) -> None:
    answer = change(team, "manager", short_prefix="FOREIGN")
    assert b"short ids begin so already" in answer.content
    change(team, "manager", short_prefix="STORE")
    team.project.refresh_from_db()
    assert team.project.short_prefix == "STORE"


def test_managers_revoke_keys(team: Team) -> None:
    change(team, "manager", **{"keys-0-is_revoked": "on", "keys-0-label": "Old"})
    key = team.project.keys.get()
    assert (key.label, key.is_active) == ("Old", False)
    revoked_at = key.revoked_at
    change(team, "manager", **{"keys-0-is_revoked": "on"})
    assert team.project.keys.get().revoked_at == revoked_at
    change(team, "manager")
    assert team.project.keys.get().is_active


def test_a_key_can_be_added(team: Team) -> None:
    more = {"keys-TOTAL_FORMS": "2", "keys-1-project": str(team.project.pk), "keys-1-label": "New"}
    change(team, "manager", **more)
    assert team.project.keys.get(label="New").is_active


def test_managers_do_not_make_themselves_owners(team: Team) -> None:
    index = index_of(team, "manager")
    change(team, "manager", **{f"memberships-{index}-role": "owner"})
    assert team.membership("manager").role == "manager"
    change(team, "owner", **{f"memberships-{index}-role": "owner"})
    assert team.membership("manager").role == "owner"


@pytest.mark.parametrize("last", [{"role": "viewer"}, {"DELETE": "on"}])
def test_the_last_owner_stays(team: Team, last: dict[str, str]) -> None:
    index = index_of(team, "owner")
    changes = {f"memberships-{index}-{name}": value for name, value in last.items()}
    answer = change(team, "superuser", **changes)
    assert b"owner is the only owner." in answer.content
    assert team.membership("owner").role == "owner"


def test_a_project_made_here_has_all_it_needs(team: Team) -> None:
    client = team.client("stranger")
    client.post(f"{PROJECTS}add/", {"name": "Mail gateway", "platform": "go"})
    project = Project.objects.get(slug="mail-gateway")
    assert project.keys.get().is_active
    assert project.memberships.get().user == team.people["stranger"]


@pytest.mark.parametrize("who", ["viewer", "member", "manager"])
def test_only_owners_delete(team: Team, who: str) -> None:
    address = f"{PROJECTS}{team.project.pk}/delete/"
    assert team.client(who).post(address, {"post": "yes"}).status_code == 403
    assert "Are you sure" in page(team.client("owner"), address)
    team.client("owner").post(address, {"post": "yes"})
    team.project.refresh_from_db()
    assert team.project.deleted_at is not None


def test_several_are_marked_at_once(team: Team) -> None:
    pks = [str(pk) for pk in Project.objects.values_list("pk", flat=True)]
    data = {"action": "delete_selected", "_selected_action": pks, "post": "yes"}
    team.client("superuser").post(PROJECTS, data)
    assert not Project.objects.active().exists()
    assert Project.objects.count() == 2


def test_managers_set_rate_limits_of_projects_and_keys(team: Team) -> None:
    limits = {"rate_limit": "100", "keys-0-rate_limit": "10", "keys-0-rate_limit_window_s": "1"}
    assert change(team, "member", **limits).status_code == 403
    assert change(team, "manager", **limits).status_code == 302

    team.project.refresh_from_db()
    assert team.project.limit == Limit(100, 60)
    assert team.project.keys.get().limit == Limit(10, 1)
    assert "at most 10 of each kind in 1 s" in page(
        team.client("manager"), "/admin/projects/projectkey/"
    )
