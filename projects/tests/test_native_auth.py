"""Native keys as clients use them: native-apis.md, section 2, "Auth"."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import router
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.secret_texts import make_secret
from projects import native_auth
from projects.attempts import attempts
from projects.limits import set_limiter
from projects.middleware import QueryKeyMiddleware
from projects.models import NativeKey, Project
from projects.native_auth import ErrorsKeyAuthentication, key_of, known_native_keys
from projects.native_key_services import (
    create_native_key,
    expire_native_key,
    import_native_key,
)
from projects.services import ProjectError, create_project, delete_project

pytestmark = pytest.mark.django_db

STRONG = "q9+/Zk3mT0p=Rw8x1Vb7Yd2Jc5Ns"


class ErrorsView(APIView):
    """Answers whose key it was."""

    authentication_classes = (ErrorsKeyAuthentication,)
    permission_classes = ()

    def get(self, request: Request) -> Response:
        key = key_of(request)
        return Response({"key": key.label, "project": key.project_id})


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    native_auth._noted.clear()
    yield


@pytest.fixture
def shop() -> Project:
    return create_project(name="Shop", platform="go", owner=None)


def ask(path: str = "/", address: str = "192.0.2.1", **headers: str) -> HttpResponse:
    """Through the middleware that takes keys out of addresses."""
    view: Any = ErrorsView.as_view()
    request = RequestFactory().get(path, headers=headers, REMOTE_ADDR=address)
    answer = QueryKeyMiddleware(view)(request)
    answer.render()  # type: ignore[attr-defined]
    return answer


def test_a_key_opens_by_header_and_by_query(shop: Project) -> None:
    _, text = create_native_key(project=shop, label="Worker")
    opened = b'{"key":"Worker","project":%d}' % shop.pk
    assert ask(**{"X-API-Key": text}).content == opened
    assert ask(f"/?api_key={text}").content == opened
    assert ask(f"/?limit=1&api_key={text}&offset=2").content == opened


def test_a_key_of_the_site_belongs_to_no_project() -> None:
    _, text = create_native_key(project=None, label="Everything")
    assert ask(**{"X-API-Key": text}).content == b'{"key":"Everything","project":null}'


@pytest.mark.parametrize("encoded", ["q9%2B%2FZk3mT0p%3DRw8x1Vb7Yd2Jc5Ns", STRONG])
def test_a_key_in_an_address_is_url_decoded(encoded: str) -> None:
    import_native_key(project=None, label="Old", text=STRONG)
    assert ask(f"/?api_key={encoded}").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, *({"X-API-Key": text} for text in ("", "wrong", "ü" * 20, "x" * 9999))],
    ids=["none", "empty", "unknown", "not ASCII", "too long"],
)
def test_whatever_is_wrong_the_answer_is_the_same(headers: dict[str, str]) -> None:
    answer = ask(**headers)
    assert answer.status_code == 401
    assert answer.content == b'{"detail":"Invalid API key"}'


def test_a_right_key_in_the_query_does_not_help_a_wrong_header() -> None:
    _, text = create_native_key(project=None, label="Everything")
    assert ask(f"/?api_key={text}", **{"X-API-Key": "wrong"}).status_code == 401


def test_a_revoked_key_is_refused_until_it_is_taken_back(shop: Project) -> None:
    key, text = create_native_key(project=shop, label="Worker")
    assert ask(**{"X-API-Key": text}).status_code == 200
    key.revoke(now=timezone.now())
    known_native_keys.clear()
    assert ask(**{"X-API-Key": text}).status_code == 401
    key.restore()
    known_native_keys.clear()
    assert ask(**{"X-API-Key": text}).status_code == 200


def test_revocation_counts_within_seconds_in_every_process(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, text = create_native_key(project=shop, label="Worker")
    now = 100.0
    monkeypatch.setattr(known_native_keys, "_clock", lambda: now)
    assert ask(**{"X-API-Key": text}).status_code == 200
    key.revoke(now=timezone.now())
    now += native_auth.TTL_S
    assert ask(**{"X-API-Key": text}).status_code == 401


def test_a_key_that_runs_out_is_refused_at_that_moment_though_it_is_remembered(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = timezone.now() + timedelta(seconds=2)
    _, text = create_native_key(project=shop, label="Worker", expires_at=soon)
    assert ask(**{"X-API-Key": text}).status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: soon)
    assert ask(**{"X-API-Key": text}).status_code == 401


def test_a_key_that_was_let_run_out_is_refused(shop: Project) -> None:
    key, text = create_native_key(project=shop, label="Worker")
    expire_native_key(key=key, now=timezone.now())
    assert ask(**{"X-API-Key": text}).status_code == 401


def test_a_key_of_another_area_is_an_invalid_one() -> None:
    _, text = create_native_key(project=None, label="Logs", areas=["logs"])
    assert ask(**{"X-API-Key": text}).content == b'{"detail":"Invalid API key"}'


def test_the_key_of_a_deleted_project_is_refused(shop: Project, admin_user: Any) -> None:
    _, text = create_native_key(project=shop, label="Worker")
    delete_project(project=shop, by=admin_user, now=timezone.now())
    assert ask(**{"X-API-Key": text}).status_code == 401


def test_keys_are_looked_up_once_for_seconds(shop: Project, django_assert_num_queries: Any) -> None:
    _, text = create_native_key(project=shop, label="Worker")
    with django_assert_num_queries(1):
        for _ in range(3):
            ask(**{"X-API-Key": text})
    with django_assert_num_queries(1):
        for _ in range(3):
            ask(**{"X-API-Key": "wrong"})


def test_the_last_use_is_noted_once_a_minute(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[tuple[int, datetime]] = []
    monkeypatch.setattr(native_auth, "note_key_use", lambda *use: noted.append(use))
    key, text = create_native_key(project=shop, label="Worker")
    start = timezone.now()
    for seconds in (0, 1, 59, 61):
        now = start + timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        ask(**{"X-API-Key": text})
    assert noted == [(key.pk, start), (key.pk, start + timedelta(seconds=61))]


def test_no_row_holds_the_key_itself(shop: Project) -> None:
    key, text = create_native_key(project=shop, label="Worker")
    secret = text.rpartition("_")[2]
    row = NativeKey.objects.values().get(pk=key.pk)
    assert not any(secret in str(value) for value in row.values())


@pytest.mark.parametrize(
    ("text", "why"),
    [("short", "too weak"), ("two words and a long rest", "without spaces"), ("", "ASCII")],
)
def test_a_key_that_is_imported_must_be_strong(text: str, why: str) -> None:
    with pytest.raises(ProjectError, match=why) as caught:
        import_native_key(project=None, label="Old", text=text)
    assert not text or text not in str(caught.value)


def test_an_imported_key_is_imported_once(shop: Project) -> None:
    first = import_native_key(project=shop, label="Old", text=STRONG)
    assert import_native_key(project=shop, label="Old", text=STRONG) == first
    with pytest.raises(ProjectError, match="opens something else"):
        import_native_key(project=None, label="Old", text=STRONG)
    first.revoke(now=timezone.now())
    with pytest.raises(ProjectError, match="revoked"):
        import_native_key(project=shop, label="Old", text=STRONG)


def test_the_request_that_others_see_holds_no_key() -> None:
    text = make_secret("cak").text
    seen: list[str] = []

    def look(request: Any) -> HttpResponse:
        seen.append(request.get_full_path())
        seen.append(str(dict(request.GET)))
        return HttpResponse()

    QueryKeyMiddleware(look)(RequestFactory().get(f"/api/errors?limit=5&api_key={text}"))
    assert seen == ["/api/errors?limit=5", "{'limit': ['5']}"]


def test_an_address_that_guesses_waits_whatever_key_it_brings(shop: Project) -> None:
    _, text = create_native_key(project=shop, label="Worker")
    codes = [ask(**{"X-API-Key": f"guess-{number}"}).status_code for number in range(31)]
    assert codes == [401] * 30 + [429]
    answer = ask(**{"X-API-Key": text})
    wait_s = int(answer.headers["Retry-After"])
    assert 1 <= wait_s <= 60
    assert answer.status_code == 429
    assert answer.content == b'{"detail":"Rate limit exceeded","retry_after":%d}' % wait_s
    assert ask(address="192.0.2.2", **{"X-API-Key": text}).status_code == 200


def test_a_key_that_worked_goes_on_while_another_program_of_its_host_guesses(
    shop: Project,
) -> None:
    _, text = create_native_key(project=shop, label="Worker")
    ask(**{"X-API-Key": text})
    for _ in range(40):
        ask(**{"X-API-Key": "wrong"})
    assert ask(**{"X-API-Key": "wrong"}).status_code == 429
    assert ask(**{"X-API-Key": text}).status_code == 200


def test_requests_without_a_key_are_no_attempts() -> None:
    assert {ask().status_code for _ in range(40)} == {401}


def test_who_waits_may_try_again_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(attempts, "_clock", lambda: now)
    for _ in range(31):
        ask(**{"X-API-Key": "wrong"})
    set_limiter(None)
    now += 61
    assert ask(**{"X-API-Key": "wrong"}).status_code == 401


def test_while_an_address_waits_the_database_is_not_asked(django_assert_num_queries: Any) -> None:
    for _ in range(31):
        ask(**{"X-API-Key": "wrong"})
    with django_assert_num_queries(0):
        ask(**{"X-API-Key": "another"})


def test_a_key_is_never_looked_up_on_a_replica(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(model: Any, **hints: Any) -> str:
        raise AssertionError(model)

    _, text = create_native_key(project=shop, label="Worker")
    monkeypatch.setattr(router, "db_for_read", fail)
    assert ask(**{"X-API-Key": text}).status_code == 200
