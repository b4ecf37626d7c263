"""A person's API tokens: made and shown once, revoked; in the admin taken away."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.api_token_services import create_api_token
from accounts.models import ApiToken, User
from common.secret_texts import hash_secret

pytestmark = pytest.mark.django_db
PAGE = "/accounts/tokens/"
ADMIN = "/admin/accounts/apitoken/"
SECRET = re.compile(r"cat_[0-9a-f]{8}_[\w-]{43}")
PASSWORD = "correct horse battery"
NEW = {
    "label": "Report",
    "scopes": ["errors:read", "projects:read"],
    "expires": "90",
    "current_password": PASSWORD,
}


@pytest.fixture(autouse=True)
def no_attempts_counted() -> None:
    cache.clear()


@pytest.fixture
def ana(client: Client) -> User:
    ana = User.objects.create_user("ana", password=PASSWORD)
    client.force_login(ana)
    return ana


def texts(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_token_is_shown_once(ana: User, client: Client) -> None:
    answer = client.post(PAGE, NEW)
    (text,) = SECRET.findall(texts(answer))
    assert "no-store" in answer.headers["Cache-Control"]
    token = ApiToken.objects.get(secret_hash=hash_secret(text))
    assert (token.user, token.scopes) == (ana, NEW["scopes"])
    assert token.expires_at is not None
    assert timedelta(days=89) < token.expires_at - timezone.now() <= timedelta(days=90)
    later = texts(client.get(PAGE))
    assert f"{token.prefix}…" in later
    assert not SECRET.search(later)


def test_loading_the_answer_again_makes_no_second_token(ana: User, client: Client) -> None:
    first, second = (client.post(PAGE, NEW | {"once": "a-number"}) for _ in range(2))
    assert (first.status_code, second.headers["Location"]) == (200, PAGE)
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"current_password": "guessed"}, "not your current password"),
        ({"current_password": ""}, "This field is required"),
        ({"label": ""}, "This field is required"),
        ({"scopes": []}, "This field is required"),
        ({"scopes": ["everything"]}, "Select a valid choice"),
        ({"expires": "100000"}, "Select a valid choice"),
    ],
)
def test_a_form_that_is_not_right_makes_no_token(
    ana: User, client: Client, change: dict[str, Any], why: str
) -> None:
    answer = texts(client.post(PAGE, NEW | change))
    assert why in answer
    assert "guessed" not in answer
    assert not ApiToken.objects.exists()


def test_the_password_is_not_guessed_here(ana: User, client: Client) -> None:
    for _ in range(20):
        client.post(PAGE, NEW | {"current_password": "guessed"})
    assert client.post(PAGE, NEW).status_code == 429


def test_a_person_without_a_password_makes_tokens_too(client: Client) -> None:
    client.force_login(User.objects.create_user("bob"))
    client.post(PAGE, {**NEW, "current_password": ""})
    assert ApiToken.objects.get().user.name == "bob"


def test_revoking_ends_a_token_of_ones_own(ana: User, client: Client) -> None:
    own, _ = create_api_token(user=ana, label="Report", scopes=["errors:read"])
    assert client.get(f"{PAGE}{own.pk}/revoke/").status_code == 405
    client.post(f"{PAGE}{own.pk}/revoke/")
    own.refresh_from_db()
    assert own.revoked_at is not None
    page = texts(client.get(PAGE))
    assert "Report is revoked" in page
    assert own.prefix not in page


def test_the_tokens_of_others_are_not_there(ana: User, client: Client) -> None:
    bob = User.objects.create_user("bob")
    foreign, _ = create_api_token(user=bob, label="Foreign", scopes=["errors:read"])
    assert client.post(f"{PAGE}{foreign.pk}/revoke/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.revoked_at is None
    assert "Foreign" not in texts(client.get(PAGE))


def test_strangers_sign_in_first(client: Client) -> None:
    for answer in (client.get(PAGE), client.post(PAGE, NEW), client.post(f"{PAGE}1/revoke/")):
        assert answer.headers["Location"].startswith("/accounts/login/")


def test_the_page_asks_no_more_for_more_tokens(
    ana: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        create_api_token(user=ana, label=f"Token {number}", scopes=["errors:read"])
    with django_assert_max_num_queries(5):
        client.get(PAGE)


@pytest.mark.parametrize("action", ["revoke", "expire_now"])
def test_superusers_take_tokens_away(ana: User, admin_client: Client, action: str) -> None:
    token, text = create_api_token(user=ana, label="Report", scopes=["errors:read"])
    for address in (ADMIN, f"{ADMIN}{token.pk}/change/"):
        page = texts(admin_client.get(address))
        assert "Report" in page
        assert text not in page
        assert token.secret_hash not in page
    admin_client.post(ADMIN, {"action": action, "_selected_action": [token.pk]})
    assert not ApiToken.objects.in_use(timezone.now()).exists()


def test_staff_see_no_tokens_in_the_admin(client: Client) -> None:
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get(ADMIN).status_code == 403


def test_a_person_with_tokens_can_be_deleted(ana: User, admin_client: Client) -> None:
    create_api_token(user=ana, label="Report", scopes=["errors:read"])
    admin_client.post(f"/admin/accounts/user/{ana.pk}/delete/", {"post": "yes"})
    assert not ApiToken.objects.exists()
