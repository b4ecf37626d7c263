"""`POST /api/v1/auth/login` and `/refresh_token`: users, projects and tokens, row one."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from joserfc import jwt
from joserfc.jwk import OctKey
from joserfc.jws import extract_compact

from accounts.models import User
from accounts.tests.api import Program
from accounts.tokens import Kind, TokenError, issue_pair, read_token

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
LOGIN, REFRESH = "/api/v1/auth/login", "/api/v1/auth/refresh_token"
USERS = "/api/v1/users/"


@pytest.fixture(autouse=True)
def no_earlier_attempts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("ana", "ana@example.com", PASSWORD)


def sign_in(login: str = "ana", password: str = PASSWORD, path: str = LOGIN) -> Any:
    return Program().post(path, {"login": login, "password": password})


def with_token(token: str, path: str = USERS) -> Any:
    program = Program()
    program._headers = {"Authorization": f"Bearer {token}"}
    return program.get(path)


@pytest.mark.parametrize("path", [LOGIN, f"{LOGIN}/"])
def test_a_name_and_its_password_give_a_pair_of_tokens(ana: User, path: str) -> None:
    answer = sign_in(path=path)
    assert answer.status_code == 200
    assert list(answer.json()) == ["access_token", "refresh_token"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert b", " not in answer.content and b": " not in answer.content
    assert with_token(answer.json()["access_token"]).status_code == 200


def test_an_email_signs_in_as_on_the_page(ana: User) -> None:
    assert sign_in("ANA@example.com").status_code == 200


@pytest.mark.parametrize(
    ("login", "password"), [("ana", "guess"), ("bob", "guess"), ("b@c.de", "x")]
)
def test_whatever_is_wrong_is_told_in_the_same_words(ana: User, login: str, password: str) -> None:
    answer = sign_in(login, password)
    assert answer.status_code == 401
    assert answer.content == b'{"detail":"wrong login/password"}'


def test_a_person_who_is_switched_off_is_as_unknown(ana: User) -> None:
    User.objects.update(is_active=False)
    assert sign_in().content == b'{"detail":"wrong login/password"}'


def test_unknown_people_cost_a_password_check_too(
    ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(User, "set_password", lambda self, password: hashed.append(password))
    sign_in("bob", "guess")
    assert hashed == ["guess"]


def test_guessing_ends_after_five_attempts_shared_with_the_page(ana: User) -> None:
    for _ in range(5):
        assert sign_in(password="guess").status_code == 401
    refused = sign_in()
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    page = Program()._client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert b"Too many failed attempts" in page.content


def test_one_address_may_not_try_for_ever(ana: User) -> None:
    answers = [sign_in() for _ in range(31)]
    assert answers[-1].status_code == 429


def test_a_one_time_password_opens_the_page_alone(ana: User) -> None:
    User.objects.update(must_change_password=True)
    assert sign_in().status_code == 403


@pytest.mark.parametrize("path", [REFRESH, f"{REFRESH}/"])
def test_a_refresh_token_gives_a_new_pair(ana: User, path: str) -> None:
    pair = sign_in().json()
    answer = Program().post(path, {"refresh_token": pair["refresh_token"]})
    assert answer.status_code == 200
    assert set(answer.json().values()).isdisjoint(pair.values())
    assert with_token(answer.json()["access_token"]).status_code == 200


def test_a_refresh_token_is_no_access_token_and_the_other_way_round(ana: User) -> None:
    pair = sign_in().json()
    assert with_token(pair["refresh_token"]).status_code == 401
    assert Program().post(REFRESH, {"refresh_token": pair["access_token"]}).status_code == 401


def test_tokens_are_hs256_for_30_minutes_and_7_days(ana: User) -> None:
    now_s = int(time.time())
    pair = issue_pair(ana, now_s=now_s)
    lifetimes: list[tuple[Kind, str, int]] = [
        ("access", pair.access_token, 30 * 60),
        ("refresh", pair.refresh_token, 7 * 86400),
    ]
    for kind, token, lifetime_s in lifetimes:
        assert extract_compact(token.encode()).headers()["alg"] == "HS256"
        read_token(token, kind, now_s=now_s + lifetime_s - 1)
        with pytest.raises(TokenError):
            read_token(token, kind, now_s=now_s + lifetime_s + 1)


def test_lifetimes_are_settings(ana: User, settings: Any) -> None:
    settings.ACCESS_TOKEN_EXPIRE_MINUTES = 1
    token = issue_pair(ana, now_s=1_000_000).access_token
    with pytest.raises(TokenError):
        read_token(token, "access", now_s=1_000_061)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_can_be_set(ana: User, settings: Any, algorithm: str) -> None:
    before = issue_pair(ana, now_s=1_000_000).access_token
    settings.ALGORITHM = algorithm
    assert read_token(issue_pair(ana, now_s=1_000_000).access_token, "access", now_s=1_000_000)
    with pytest.raises(TokenError):
        read_token(before, "access", now_s=1_000_000)


def test_tokens_die_with_their_person_switched_off(ana: User) -> None:
    pair = sign_in().json()
    User.objects.update(is_active=False)
    assert with_token(pair["access_token"]).status_code == 401
    answer = Program().post(REFRESH, {"refresh_token": pair["refresh_token"]})
    assert answer.status_code == 401


def test_tokens_die_with_a_new_password(ana: User) -> None:
    pair = sign_in().json()
    ana.set_password("another fine one")
    ana.save()
    assert with_token(pair["access_token"]).status_code == 401
    answer = Program().post(REFRESH, {"refresh_token": pair["refresh_token"]})
    assert answer.status_code == 401


def test_tokens_die_with_their_person(ana: User) -> None:
    token = sign_in().json()["access_token"]
    ana.delete()
    assert with_token(token).status_code == 401


def forged(claims: dict[str, Any], algorithm: str = "HS256") -> str:
    key = OctKey.import_key(b"somebody else's key of 32 bytes!" * 2)
    return jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])


@pytest.mark.parametrize(
    "token",
    [
        "..",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
        "é.é.é",
        "x" * 50_000 + "..",
    ],
)
def test_what_is_no_token_of_ours_is_refused(ana: User, token: str) -> None:
    assert Program().post(REFRESH, {"refresh_token": token}).status_code == 401
    with pytest.raises(TokenError):
        read_token(token, "access", now_s=1)


def test_a_token_that_somebody_else_signed_is_refused(ana: User) -> None:
    claims = {"sub": str(ana.pk), "kind": "access", "stamp": "x", "exp": int(time.time()) + 60}
    assert with_token(forged(claims)).status_code == 401


def test_without_a_token_nothing_is_told(db: None) -> None:
    answer = Program().get(USERS)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "login"),
        ({"login": "ana"}, "password"),
        ({"login": "ana", "password": None}, "password"),
    ],
)
def test_what_is_missing_is_named(ana: User, body: dict[str, Any], field: str) -> None:
    answer = Program().post(LOGIN, body)
    assert answer.status_code == 422
    problems = answer.json()["detail"]
    assert ["body", field] in [problem["loc"] for problem in problems]
    assert all(set(problem) == {"loc", "msg", "type"} for problem in problems)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no json", 422),
        (b"[1]", 422),
        (b'"text"', 422),
        (b"[" * 50_000, 422),
        (b'{"login":"' + b"x" * 70_000 + b'"}', 413),
        (b'{"login":"a\\u0000","password":"b"}', 422),
        (b'{"login":"\\ud800","password":"b"}', 401),
    ],
)
def test_a_hostile_body_is_refused(db: None, body: bytes, status: int) -> None:
    assert Program().post(LOGIN, body).status_code == status


def test_signing_out_everywhere_ends_sessions_and_tokens_but_this_one(ana: User) -> None:
    here, elsewhere = Client(), Client()
    here.force_login(ana)
    elsewhere.force_login(ana)
    pair = sign_in().json()
    answer = here.post("/accounts/sign-out-elsewhere/", follow=True)
    assert b"You are signed out everywhere else." in answer.content
    assert here.get("/accounts/settings/").status_code == 200
    assert elsewhere.get("/accounts/settings/").status_code == 302
    assert with_token(pair["access_token"]).status_code == 401
    answer = Program().post(REFRESH, {"refresh_token": pair["refresh_token"]})
    assert answer.status_code == 401
    assert with_token(sign_in().json()["access_token"]).status_code == 200


def test_an_administrator_signs_people_out(ana: User) -> None:
    token = sign_in().json()["access_token"]
    admin = Client()
    admin.force_login(User.objects.create_superuser("root"))
    choice = {"action": "sign_out", "_selected_action": [ana.pk]}
    answer = admin.post("/admin/accounts/user/", choice, follow=True)
    assert b"1 signed out" in answer.content
    assert with_token(token).status_code == 401
    assert admin.get("/admin/").status_code == 200


def test_signing_out_everywhere_asks_for_a_person_and_a_post(ana: User) -> None:
    assert Client().post("/accounts/sign-out-elsewhere/").status_code == 302
    here = Client()
    here.force_login(ana)
    assert here.get("/accounts/sign-out-elsewhere/").status_code == 405
    ana.refresh_from_db()
    assert ana.signed_out_at is None
