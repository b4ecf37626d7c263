"""Rights in one's own project: nobody does more than their role, no token more than its scopes."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.api_token import Scope
from accounts.api_token_services import create_api_token
from accounts.models import User
from config.tests.hostile.addresses import every_address
from config.tests.hostile.asking import bulk_actions, changing_ways, ways
from config.tests.hostile.scene import Scene, harmed, snapshot
from projects.models import Membership

pytestmark = pytest.mark.django_db

READING = [scope for scope in Scope.values if scope.endswith(":read")]
# What members do: triage, answer people, and take either out; what is kept takes less room then.
TRIAGE = {"Activity", "Feedback", "Issue", "KeptBytes"}
# One's own place in a project is one's own to leave.
LEAVING = {"member_remove", "account_logout", "admin:logout"}


@pytest.fixture
def colleague(scene: Scene) -> User:
    """Somebody on the staff, whom a test gives a role in the victims' project."""
    person = User.objects.create_user("colleague", None, "whatever", is_staff=True)
    scene.stranger = person
    return person


@pytest.mark.parametrize(("role", "may_change"), [("viewer", set()), ("member", TRIAGE)])
def test_no_address_lets_a_role_do_more(
    scene: Scene, colleague: User, role: str, may_change: set[str]
) -> None:
    Membership.objects.create(project=scene.project, user=colleague, role=role)
    client, before = scene.client("stranger"), snapshot(scene)
    for address in every_address():
        if address.name in LEAVING:
            continue
        path = address.path(scene.value_of)
        for ask in changing_ways(scene, address):
            assert ask(client, path).status_code < 500, path
    assert harmed(scene, before) <= may_change


@pytest.mark.parametrize(("role", "may_change"), [("viewer", set()), ("member", TRIAGE)])
def test_no_action_of_the_admin_lets_a_role_do_more(
    scene: Scene, colleague: User, role: str, may_change: set[str]
) -> None:
    Membership.objects.create(project=scene.project, user=colleague, role=role)
    client, before = scene.client("stranger"), snapshot(scene)
    for model, action in bulk_actions():
        rows = list(scene.rows_of(model).values_list("pk", flat=True)[:50])
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        client.post(address, {"action": action, "_selected_action": rows, "post": "yes"})
    assert harmed(scene, before) <= may_change


@pytest.mark.parametrize("who", ["owner", "superuser"])
def test_a_token_that_may_read_changes_nothing(scene: Scene, who: str) -> None:
    person: User = getattr(scene, who)
    text = create_api_token(user=person, label="reads", scopes=READING)[1]
    scene.secrets["reader"] = {"Authorization": f"Bearer {text}"}
    client, before = scene.client("reader"), snapshot(scene)
    _ask_everything(scene, client)
    assert not harmed(scene, before)


def test_a_token_without_scopes_opens_nothing(scene: Scene) -> None:
    text = create_api_token(user=scene.superuser, label="nothing", scopes=[])[1]
    scene.secrets["nothing"] = {"Authorization": f"Bearer {text}"}
    client, nobody = scene.client("nothing"), scene.client("nobody")
    for address in every_address():
        path = address.path(scene.value_of)
        if path.startswith("/api/") and nobody.get(path).status_code == 401:
            assert client.get(path).status_code in {401, 403, 404, 405}, path


def test_a_program_is_nobody_on_the_pages(scene: Scene) -> None:
    client, nobody = scene.client("access token"), scene.client("nobody")
    for address in every_address():
        path = address.path(scene.value_of)
        if not path.startswith("/api/"):
            assert client.get(path).status_code == nobody.get(path).status_code, path


def _ask_everything(scene: Scene, client: Client) -> None:
    for address in every_address():
        path = address.path(scene.value_of)
        for ask in ways(scene, address) if path.startswith("/api/") else ():
            ask(client, path)
