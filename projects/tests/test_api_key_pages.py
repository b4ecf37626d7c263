"""The page of a project's API keys as people use it."""

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from common.secret_texts import hash_secret
from projects.models import NativeKey
from projects.native_key_services import create_native_key
from projects.tests.team import Team

PAGE = "/projects/shop/api-keys/"
SECRET = re.compile(r"cak_[0-9a-f]{8}_[\w-]{43}")


def texts(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_key_is_shown_once(team: Team) -> None:
    client = team.client("manager")
    answer = client.post(PAGE, {"label": "Worker", "expires": "30", "errors_per_minute": "7"})
    (text,) = SECRET.findall(texts(answer))
    assert answer.headers["Cache-Control"].count("no-store") == 1
    key = NativeKey.objects.get(secret_hash=hash_secret(text))
    assert (key.project, key.label, key.errors_per_minute) == (team.project, "Worker", 7)
    assert key.created_by == team.people["manager"]
    assert key.expires_at is not None
    assert timedelta(days=29) < key.expires_at - timezone.now() <= timedelta(days=30)
    later = texts(client.get(PAGE))
    assert f"{key.prefix}…" in later
    assert not SECRET.search(later)


def test_loading_the_answer_again_makes_no_second_key(team: Team) -> None:
    client = team.client("manager")
    (once,) = re.findall(r'name="once" value="([\w-]+)"', texts(client.get(PAGE)))
    data = {"label": "Worker", "expires": "never", "once": once}
    assert SECRET.search(texts(client.post(PAGE, data)))
    assert client.post(PAGE, data).headers["Location"] == PAGE
    assert NativeKey.objects.count() == 1


def test_a_key_needs_a_label(team: Team) -> None:
    answer = texts(team.client("manager").post(PAGE, {"label": " ", "expires": "never"}))
    assert "This field is required" in answer
    assert not NativeKey.objects.exists()


def test_a_key_is_changed_revoked_and_taken_back(team: Team) -> None:
    key, _ = create_native_key(project=team.project, label="Worker")
    client = team.client("manager")
    client.post(f"{PAGE}{key.pk}/change/", {"label": "Cron", "errors_per_minute": "500"})
    client.post(f"{PAGE}{key.pk}/revoke/")
    key.refresh_from_db()
    assert (key.label, key.errors_per_minute, key.is_active) == ("Cron", 500, False)
    page = texts(client.get(PAGE))
    assert "Cron is revoked" in page
    assert f"{PAGE}{key.pk}/restore/" in page
    client.post(f"{PAGE}{key.pk}/restore/")
    key.refresh_from_db()
    assert key.is_active


def test_a_change_that_makes_no_sense_is_refused(team: Team) -> None:
    key, _ = create_native_key(project=team.project, label="Worker")
    client = team.client("manager")
    for data in ({"label": ""}, {"label": "Cron", "errors_per_minute": "0"}):
        client.post(f"{PAGE}{key.pk}/change/", data)
        key.refresh_from_db()
        assert (key.label, key.errors_per_minute) == ("Worker", None)


def test_a_key_that_ran_out_says_so(team: Team) -> None:
    past = timezone.now() - timedelta(hours=3)
    create_native_key(project=team.project, label="Worker", expires_at=past)
    assert "Ran out" in texts(team.client("owner").get(PAGE))


def test_keys_of_the_site_are_not_on_a_projects_page(team: Team) -> None:
    create_native_key(project=None, label="Of the site")
    assert "Of the site" not in texts(team.client("superuser").get(PAGE))


def test_the_page_asks_no_more_for_more_keys(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        create_native_key(
            project=team.project, label=f"Key {number}", created_by=team.people["owner"]
        )
    client = team.client("manager")
    with django_assert_max_num_queries(6):
        client.get(PAGE)
