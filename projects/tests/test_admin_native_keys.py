"""API keys in the admin: the site's by superusers, a project's by those who manage it."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from common.secret_texts import hash_secret
from projects.models import NativeKey, Project
from projects.native_key_services import create_native_key
from projects.services import create_project
from projects.tests.team import Team, make_team

pytestmark = pytest.mark.django_db
KEYS = "/admin/projects/nativekey/"
SECRET = re.compile(r"cak_[0-9a-f]{8}_[\w-]{43}")
NEW = {"label": "Collector", "areas": ["errors", "logs"], "project": "", "errors_per_minute": ""}


@pytest.fixture
def team() -> Team:
    foreign = create_project(name="Foreign", platform="go", owner=None)
    team = make_team(is_staff=True)
    create_native_key(project=foreign, label="Of another")
    create_native_key(project=team.project, label="Of the shop")
    create_native_key(project=None, label="Of the site")
    return team


def page(team: Team, who: str, address: str = KEYS) -> str:
    return " ".join(team.client(who).get(address).content.decode().split())


def act(team: Team, who: str, action: str) -> None:
    """Do it with every key that there is."""
    pks = list(NativeKey.objects.values_list("pk", flat=True))
    team.client(who).post(KEYS, {"action": action, "_selected_action": pks})


def in_use() -> set[str]:
    return {key.label for key in NativeKey.objects.all() if key.is_active and not key.is_expired}


def test_keys_of_the_whole_site_are_found_by_that_name(team: Team) -> None:
    assert re.search(r"project__isnull=True\W+Whole site<", page(team, "superuser"))
    found = page(team, "superuser", f"{KEYS}?project__isnull=True")
    assert "Of the site" in found
    assert "Of the shop" not in found


def test_a_key_of_the_whole_site_is_made_and_shown_once(team: Team) -> None:
    client = team.client("superuser")
    answer = client.post(f"{KEYS}add/", NEW)
    (text,) = SECRET.findall(answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    key = NativeKey.objects.get(secret_hash=hash_secret(text))
    assert (key.label, key.project, key.areas) == ("Collector", None, ["errors", "logs"])
    assert key.created_by == team.people["superuser"]
    for address in (KEYS, f"{KEYS}{key.pk}/change/", f"{KEYS}{key.pk}/history/", "/admin/"):
        later = page(team, "superuser", address)
        assert text not in later
        assert key.secret_hash not in later


@pytest.mark.parametrize("who", ["viewer", "manager", "owner"])
def test_only_superusers_make_keys_here(team: Team, who: str) -> None:
    assert team.client(who).post(f"{KEYS}add/", NEW).status_code == 403


def test_people_see_the_keys_that_they_manage(team: Team) -> None:
    labels = ("Of another", "Of the shop", "Of the site")

    def seen(who: str) -> list[str]:
        return [label for label in labels if label in page(team, who)]

    assert seen("superuser") == list(labels)
    assert seen("manager") == seen("owner") == ["Of the shop"]
    assert seen("member") == seen("viewer") == seen("stranger") == []


def test_the_key_of_another_project_or_of_the_site_does_not_open(team: Team) -> None:
    for label in ("Of another", "Of the site"):
        key = NativeKey.objects.get(label=label)
        answer = team.client("owner").get(f"{KEYS}{key.pk}/change/")
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/admin/"


@pytest.mark.parametrize("action", ["revoke", "expire_now"])
def test_managers_end_the_keys_of_their_projects_only(team: Team, action: str) -> None:
    for who in ("stranger", "viewer", "member"):
        act(team, who, action)
    assert in_use() == {"Of another", "Of the shop", "Of the site"}
    act(team, "manager", action)
    assert in_use() == {"Of another", "Of the site"}
    act(team, "superuser", action)
    assert in_use() == set()


def test_a_revoked_key_is_taken_back(team: Team) -> None:
    act(team, "superuser", "revoke")
    act(team, "manager", "restore")
    assert in_use() == {"Of the shop"}
    assert "Of the shop" in page(team, "superuser", f"{KEYS}?in_use=yes")
    assert "Of the shop" not in page(team, "superuser", f"{KEYS}?in_use=no")


def test_what_a_key_opens_changes_but_not_whom_it_belongs_to(team: Team) -> None:
    key = NativeKey.objects.get(label="Of the shop")
    foreign = Project.objects.get(name="Foreign")
    data = NEW | {
        "project": foreign.pk,
        "areas": ["browser"],
        "errors_per_minute": "9",
        "expires_at": "2031-05-06T07:08",
    }
    team.client("manager").post(f"{KEYS}{key.pk}/change/", data)
    key.refresh_from_db()
    assert (key.project, key.areas, key.errors_per_minute) == (team.project, ["browser"], 9)
    assert key.expires_at == datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
    assert 'value="2031-05-06T07:08"' in page(team, "manager", f"{KEYS}{key.pk}/change/")


def test_keys_are_never_deleted(team: Team) -> None:
    key = NativeKey.objects.get(label="Of the site")
    act(team, "superuser", "delete_selected")
    assert team.client("superuser").post(f"{KEYS}{key.pk}/delete/").status_code == 403
    assert NativeKey.objects.count() == 3


def test_the_list_asks_no_more_for_more_keys(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        create_native_key(
            project=team.project, label=f"Key {number}", created_by=team.people["owner"]
        )
    client = team.client("superuser")
    with django_assert_max_num_queries(6):
        client.get(KEYS)
