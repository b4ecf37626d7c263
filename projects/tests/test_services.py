"""What people do with projects, keys and members."""

import pytest
from django.db.models.signals import pre_save
from django.utils import timezone

from accounts.models import User
from projects import services
from projects.models import Membership, Project
from projects.services import ProjectError
from projects.tests.team import Team


def test_a_new_project_has_a_key_an_address_and_an_owner(db: None) -> None:
    ana = User.objects.create_user("ana")
    project = services.create_project(name="Café Shop", platform="go", owner=ana)
    assert (project.slug, project.short_prefix, project.platform) == ("cafe-shop", "CAFE", "go")
    assert project.keys.get().is_active
    assert project.memberships.get().role == "owner"


def test_a_second_project_of_a_name_gets_another_address(team: Team) -> None:
    second = services.create_project(name="Shop", platform="other", owner=None)
    assert (second.slug, second.short_prefix) == ("shop-2", "SHOP2")


def test_a_prefix_taken_at_this_moment_costs_nobody_a_project(db: None) -> None:
    def take_it_first(**_: object) -> None:
        pre_save.disconnect(take_it_first, sender=Project)
        Project.objects.bulk_create([Project(name="Rival", slug="rival", short_prefix="SHOP")])

    pre_save.connect(take_it_first, sender=Project)
    project = services.create_project(name="Shop", platform="other", owner=None)
    assert project.keys.get().is_active
    assert project.short_prefix.startswith("SHOP")


def test_a_deleted_project_is_gone_and_frees_its_address(team: Team) -> None:
    owner = team.people["owner"]
    services.delete_project(project=team.project, by=owner, now=timezone.now())
    assert not Project.objects.visible_to(owner).exists()
    again = services.create_project(name="Shop", platform="other", owner=owner)
    assert (again.slug, again.short_prefix) == ("shop", "SHOP")


def test_only_owners_delete_a_project(team: Team) -> None:
    with pytest.raises(ProjectError, match="Only an owner"):
        services.delete_project(project=team.project, by=team.people["manager"], now=timezone.now())


def test_a_revoked_key_can_be_taken_back(team: Team) -> None:
    key = team.project.keys.get()
    key.revoke(now=timezone.now())
    first_revoked_at = key.revoked_at
    key.revoke(now=timezone.now())
    assert key.revoked_at == first_revoked_at
    key.restore()
    key.refresh_from_db()
    assert key.is_active


def test_members_are_added_by_name_or_email(team: Team) -> None:
    User.objects.create_user("ana", "ana@example.com")
    membership = services.add_member(
        project=team.project, login="ANA@example.com", role="member", by=team.people["manager"]
    )
    assert membership.user.name == "ana"


@pytest.mark.parametrize(
    ("login", "cause"), [("bob", "Nobody here is called bob"), ("viewer", "a member already")]
)
def test_who_cannot_be_added_is_named(team: Team, login: str, cause: str) -> None:
    with pytest.raises(ProjectError, match=cause):
        services.add_member(
            project=team.project, login=login, role="viewer", by=team.people["owner"]
        )


def test_managers_make_no_owners(team: Team) -> None:
    manager = team.people["manager"]
    with pytest.raises(ProjectError, match="Only an owner can make"):
        services.change_role(membership=team.membership("manager"), role="owner", by=manager)
    with pytest.raises(ProjectError, match="Only an owner can make"):
        services.add_member(project=team.project, login="stranger", role="owner", by=manager)


def test_managers_touch_no_owners(team: Team) -> None:
    manager = team.people["manager"]
    with pytest.raises(ProjectError, match="Only an owner can change"):
        services.remove_member(membership=team.membership("owner"), by=manager)


@pytest.mark.parametrize("who", ["owner", "superuser"])
def test_the_last_owner_stays(team: Team, who: str) -> None:
    with pytest.raises(ProjectError, match="only owner"):
        services.remove_member(membership=team.membership("owner"), by=team.people[who])
    with pytest.raises(ProjectError, match="only owner"):
        services.change_role(
            membership=team.membership("owner"), role="viewer", by=team.people[who]
        )


def test_one_of_two_owners_can_go(team: Team) -> None:
    owner = team.people["owner"]
    services.change_role(membership=team.membership("manager"), role="owner", by=owner)
    services.remove_member(membership=team.membership("owner"), by=owner)
    owners = Membership.objects.filter(project=team.project, role="owner")
    assert owners.get().user == team.people["manager"]
