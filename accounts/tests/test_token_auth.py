"""API tokens as programs use them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import router
from django.utils import timezone
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts import token_auth
from accounts.api_token_services import (
    create_api_token,
    expire_api_token,
    note_api_token_use,
    revoke_api_token,
)
from accounts.models import ApiToken, User
from accounts.token_auth import ApiTokenAuthentication, ErrorsScope

pytestmark = pytest.mark.django_db


class IssuesView(APIView):
    """Answers who asks."""

    authentication_classes = (ApiTokenAuthentication, SessionAuthentication)
    permission_classes = (ErrorsScope,)

    def get(self, request: Request) -> Response:
        return Response({"name": str(request.user)})

    post = get


@pytest.fixture(autouse=True)
def uses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The tokens whose use was noted."""
    noted: list[int] = []
    monkeypatch.setattr(token_auth, "note_token_use", lambda token_id, now: noted.append(token_id))
    yield noted


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("ana")


def ask(text: str, method: str = "get", scheme: str = "Bearer") -> Response:
    headers = {"Authorization": f"{scheme} {text}"} if text else {}
    request = getattr(APIRequestFactory(), method)("/", headers=headers)
    view: Any = IssuesView.as_view()
    answer: Response = view(request).render()
    return answer


def test_a_token_acts_for_its_person(ana: User) -> None:
    _, text = create_api_token(user=ana, label="Script", scopes=["errors:read"])
    answer = ask(text)
    assert (answer.status_code, answer.data) == (200, {"name": "ana"})
    assert ask(text, scheme="bearer").status_code == 200


@pytest.mark.parametrize("text", ["", "cat_00000000_unknown", "eyJhbGciOi.foreign.token", "ü"])
def test_other_bearers_open_nothing(text: str) -> None:
    answer = ask(text)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_writing_needs_the_scope_for_it_and_includes_reading(ana: User) -> None:
    _, reads = create_api_token(user=ana, label="Reads", scopes=["errors:read"])
    _, writes = create_api_token(user=ana, label="Writes", scopes=["errors:write"])
    _, other = create_api_token(user=ana, label="Other", scopes=["users:write"])
    assert [ask(text).status_code for text in (reads, writes, other)] == [200, 200, 403]
    codes = [ask(text, "post").status_code for text in (reads, writes, other)]
    assert codes == [403, 200, 403]
    assert ask(reads, "post").data == {"detail": "This token lacks the scope errors:write."}


def test_a_revoked_token_is_refused_at_once(ana: User) -> None:
    token, text = create_api_token(user=ana, label="Script", scopes=["errors:read"])
    assert ask(text).status_code == 200
    revoke_api_token(token=token, now=timezone.now())
    assert ask(text).data == {"detail": "Invalid API token"}


def test_a_token_whose_time_has_run_out_is_refused(ana: User) -> None:
    past = timezone.now() - timedelta(seconds=1)
    _, text = create_api_token(user=ana, label="Old", scopes=["errors:read"], expires_at=past)
    assert ask(text).status_code == 401
    token, text = create_api_token(user=ana, label="New", scopes=["errors:read"])
    expire_api_token(token=token, now=timezone.now())
    assert ask(text).status_code == 401


def test_tokens_die_with_the_account(ana: User) -> None:
    _, text = create_api_token(user=ana, label="Script", scopes=["errors:read"])
    User.objects.update(is_active=False)
    assert ask(text).status_code == 401


def test_tokens_wait_for_a_password_that_must_change(ana: User) -> None:
    _, text = create_api_token(user=ana, label="Script", scopes=["errors:read"])
    User.objects.update(must_change_password=True)
    assert ask(text).status_code == 401
    User.objects.update(must_change_password=False)
    assert ask(text).status_code == 200


def test_the_last_use_is_noted_once_a_minute(ana: User, uses: list[int]) -> None:
    token, text = create_api_token(user=ana, label="Script", scopes=["errors:read"])
    ask(text)
    note_api_token_use(token_id=token.pk, now=timezone.now() - timedelta(seconds=30))
    ask(text)
    note_api_token_use(token_id=token.pk, now=timezone.now() - timedelta(seconds=61))
    ask(text)
    assert uses == [token.pk, token.pk]


def test_no_row_holds_the_token_itself(ana: User) -> None:
    token, text = create_api_token(user=ana, label="Script", scopes=["errors:read"])
    row = ApiToken.objects.values().get(pk=token.pk)
    secret = text.removeprefix(f"{token.prefix}_")
    assert not any(secret in str(value) for value in row.values())


def test_a_token_costs_one_query(ana: User, django_assert_num_queries: Any) -> None:
    _, text = create_api_token(user=ana, label="Script", scopes=["errors:read"])
    with django_assert_num_queries(1):
        ask(text)


def test_a_token_is_never_looked_up_on_a_replica(
    ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(model: Any, **hints: Any) -> str:
        raise AssertionError(model)

    _, text = create_api_token(user=ana, label="Script", scopes=["errors:read"])
    monkeypatch.setattr(router, "db_for_read", fail)
    assert ask(text).status_code == 200
