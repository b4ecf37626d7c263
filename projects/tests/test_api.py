"""`/api/v1/projects/`: users, projects and tokens, row two, by role."""

import re
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.tests.api import Program
from projects.models import Project
from projects.services import create_project
from projects.tests.team import Team

pytestmark = pytest.mark.django_db
PROJECTS = "/api/v1/projects/"
GONE = b'{"message":"Project deleted successfully"}'
UNKNOWN = b'{"detail":"Project not found"}'


@pytest.mark.parametrize("path", [PROJECTS, PROJECTS.rstrip("/")])
def test_who_makes_a_project_owns_it_and_gets_its_key(team: Team, path: str) -> None:
    answer = Program(team.people["stranger"]).post(path, {"name": "Mail", "lang": "python"})
    project = Project.objects.get(name="Mail")
    key = project.keys.get().public_key
    assert answer.status_code == 200
    assert answer.content == (
        b'{"id":%d,"name":"Mail","lang":"python","key":"%s"}' % (project.pk, key.encode())
    )
    assert re.fullmatch("[0-9a-f]{32}", key)
    assert project.memberships.get().role == "owner"


@pytest.mark.parametrize(
    ("given", "platform"),
    [("Rust", "other"), ("python", "python"), ("FastAPI", "python-fastapi"), ("golang", "go")],
)
def test_a_language_is_given_back_as_it_came(team: Team, given: str, platform: str) -> None:
    program = Program(team.people["owner"])
    made = program.post(PROJECTS, {"name": "Mail", "lang": given}).json()
    assert program.get(f"{PROJECTS}{made['id']}").json()["lang"] == given
    assert Project.objects.get(pk=made["id"]).platform == platform


def test_a_platform_that_was_changed_in_the_pages_is_the_language(team: Team) -> None:
    program = Program(team.people["owner"])
    made = program.post(PROJECTS, {"name": "Mail", "lang": "golang"}).json()
    Project.objects.filter(pk=made["id"]).update(platform="ruby")
    assert program.get(f"{PROJECTS}{made['id']}").json()["lang"] == "ruby"


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "x" * 101}, {"name": "a\0"}, {"name": "a", "lang": []}]
)
def test_what_is_missing_or_wrong_is_named(team: Team, body: dict[str, Any]) -> None:
    assert Program(team.people["owner"]).post(PROJECTS, body).status_code == 422


def test_everybody_lists_their_own(team: Team) -> None:
    other = create_project(name="Other", platform="go", owner=team.people["stranger"])
    seen = {
        who: [each["id"] for each in Program(person).get(PROJECTS).json()]
        for who, person in team.people.items()
    }
    shop = team.project.pk
    assert seen.pop("superuser") == [shop, other.pk]
    assert seen.pop("stranger") == [other.pk]
    assert all(ids == [shop] for ids in seen.values())


@pytest.mark.parametrize("method", ["get", "put"])
@pytest.mark.parametrize("project_id", ["own", "999999", "abc", "0", "9" * 30])
def test_others_are_not_found(team: Team, method: str, project_id: str) -> None:
    path = f"{PROJECTS}{team.project.pk if project_id == 'own' else project_id}"
    answer = getattr(Program(team.people["stranger"]), method)(path)
    assert answer.status_code == 404
    assert answer.content == UNKNOWN


@pytest.mark.parametrize(
    ("who", "status"),
    [("viewer", 403), ("member", 403), ("manager", 200), ("owner", 200), ("superuser", 200)],
)
def test_managers_change_a_project(team: Team, who: str, status: int) -> None:
    path = f"{PROJECTS}{team.project.pk}/"
    answer = Program(team.people[who]).put(path, {"name": "Market"})
    assert answer.status_code == status
    team.project.refresh_from_db()
    assert team.project.name == ("Market" if status == 200 else "Shop")
    if status == 200:
        key = team.project.keys.get().public_key
        own = {"id": team.project.pk, "name": "Market", "lang": "python-fastapi", "key": key}
        assert answer.json() == own


@pytest.mark.parametrize(
    ("who", "status"),
    [("viewer", 403), ("member", 403), ("manager", 403), ("owner", 200), ("superuser", 200)],
)
def test_owners_delete_a_project(team: Team, who: str, status: int) -> None:
    answer = Program(team.people[who]).delete(f"{PROJECTS}{team.project.pk}")
    assert answer.status_code == status
    assert Project.objects.active().filter(pk=team.project.pk).exists() == (status != 200)
    if status == 200:
        assert answer.content == GONE


def test_deleting_what_one_does_not_see_says_the_same_and_does_nothing(team: Team) -> None:
    program = Program(team.people["stranger"])
    assert program.delete(f"{PROJECTS}{team.project.pk}/").content == GONE
    assert program.delete(f"{PROJECTS}999999").content == GONE
    assert Project.objects.active().filter(pk=team.project.pk).exists()


def test_a_project_whose_keys_are_all_revoked_has_none(team: Team) -> None:
    team.project.keys.update(revoked_at="2026-01-01T00:00:00Z")
    answer = Program(team.people["viewer"]).get(f"{PROJECTS}{team.project.pk}")
    assert answer.json()["key"] is None


def test_without_a_token_nothing_is_told(team: Team) -> None:
    for path in (PROJECTS, f"{PROJECTS}{team.project.pk}"):
        assert Program().get(path).status_code == 401
        assert team.client("owner").get(path).status_code == 401


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_three_queries(
    team: Team, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = team.people["owner"]
    for number in range(count):
        create_project(name=f"Project {number}", platform="go", owner=owner)
    program = Program(owner)
    with django_assert_num_queries(3):
        program.get(PROJECTS)
