"""What an API token opens of the REST interface: its scopes, within what its person may do."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.api_token_services import create_api_token, revoke_api_token
from accounts.models import Scope, User

pytestmark = pytest.mark.django_db
READS = {
    "/api/v1/users/": Scope.USERS_READ,
    "/api/v1/projects/": Scope.PROJECTS_READ,
    "/api/v1/projects/events": Scope.ERRORS_READ,
    "/api/projects/events": Scope.ERRORS_READ,
}
WRITES = {
    "/api/v1/users/": (Scope.USERS_WRITE, {"name": "bob", "password": "pw"}),
    "/api/v1/projects/": (Scope.PROJECTS_WRITE, {"name": "Mail", "lang": "go"}),
}


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root")


def program(user: User, *scopes: Scope) -> Client:
    _, text = create_api_token(user=user, label="Test", scopes=[str(scope) for scope in scopes])
    return Client(headers={"Authorization": f"Bearer {text}"})


@pytest.mark.parametrize("path", READS)
def test_a_token_reads_its_area_alone(root: User, path: str) -> None:
    others = [scope for scope in Scope if scope.split(":")[0] != READS[path].split(":")[0]]
    assert program(root, READS[path]).get(path).status_code == 200
    assert program(root, *others).get(path).status_code == 403


@pytest.mark.parametrize("path", WRITES)
def test_a_token_that_reads_does_not_write(root: User, path: str) -> None:
    scope, body = WRITES[path]
    kind = "application/json"
    assert program(root, READS[path]).post(path, body, kind).status_code == 403
    assert program(root, scope).post(path, body, kind).status_code == 200
    assert program(root, scope).get(path).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("root", 403), ("other root", 403), ("ana", 200)])
def test_a_token_sets_no_password_that_opens_more_than_it_does(
    root: User, who: str, status: int
) -> None:
    people = {
        "root": root,
        "other root": User.objects.create_superuser("root2"),
        "ana": User.objects.create_user("ana"),
    }
    path = f"/api/v1/users/{people[who].pk}"
    answer = program(root, Scope.USERS_WRITE).put(path, {"password": "pw"}, "application/json")
    assert answer.status_code == status


def test_scopes_give_nobody_more_than_they_may(db: None) -> None:
    ana = User.objects.create_user("ana")
    body = {"name": "bob", "password": "pw"}
    answer = program(ana, *Scope).post("/api/v1/users/", body, "application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize("path", READS)
def test_a_revoked_token_opens_nothing(root: User, path: str) -> None:
    token, text = create_api_token(user=root, label="Test", scopes=list(Scope.values))
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert client.get(path).status_code == 200
    revoke_api_token(token=token, now=timezone.now())
    assert client.get(path).status_code == 401
