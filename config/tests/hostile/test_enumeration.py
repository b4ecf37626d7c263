"""Nobody learns from an answer who has an account, or which projects there are."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.test.client import MULTIPART_CONTENT

from accounts.models import User
from config.tests.hostile.addresses import Address, every_address
from config.tests.hostile.scene import Scene

pytestmark = pytest.mark.django_db

KNOWN = ("owner", "OWNER@example.com", "inactive")
UNKNOWN = ("nobody-here", "nobody@example.com")
LOGIN, RESET, TOKENS = "/accounts/login/", "/accounts/password/reset/", "/api/v1/auth/login"


@pytest.fixture(autouse=True)
def _inactive(db: None) -> None:
    User.objects.create_user("inactive", "inactive@example.com", "whatever", is_active=False)


@pytest.mark.parametrize("path", [LOGIN, TOKENS])
def test_signing_in_answers_the_same_for_all(scene: Scene, path: str) -> None:
    answers = {_said(scene, path, login) for login in (*KNOWN, *UNKNOWN)}
    assert len(answers) == 1


@pytest.mark.parametrize("path", [LOGIN, TOKENS])
def test_signing_in_takes_as_long_for_all(scene: Scene, path: str) -> None:
    hashed = {}
    for login in (*KNOWN, *UNKNOWN):
        with _counted_hashes() as count:
            _said(scene, path, login)
        hashed[login] = len(count)
    assert set(hashed.values()) == {1}, hashed


def test_asking_for_a_reset_answers_the_same_for_all(scene: Scene, settings: Any) -> None:
    settings.HAS_EMAIL = True
    answers = {_said(scene, RESET, login) for login in (*KNOWN, *UNKNOWN)}
    assert len(answers) == 1
    assert len(mail.outbox) <= 2


def test_projects_of_others_and_no_projects_look_the_same(scene: Scene) -> None:
    client = scene.client("stranger")

    def nowhere(name: str, address: Address) -> object:
        values = {"slug": "nothing", "project": 999_999, "project_id": 999_999}
        return values.get(name) or scene.value_of(name, address)

    for address in every_address():
        if {"slug", "project", "project_id"} & set(address.parameters):
            there, not_there = address.path(scene.value_of), address.path(nowhere)
            for method in ("get", "post"):
                real = getattr(client, method)(there)
                none = getattr(client, method)(not_there)
                assert real.status_code == none.status_code, (method, there)
                assert _plain(real.content, there) == _plain(none.content, not_there), there


def _said(scene: Scene, path: str, login: str) -> tuple[int, str, str]:
    """The answer to a wrong password or a wish for a reset, without what always varies."""
    data = {"login": login, "password": "a wrong guess"} | (
        {"email": login} if path == RESET else {}
    )
    kind = "application/json" if path == TOKENS else MULTIPART_CONTENT
    answer = scene.client("nobody").post(path, data, content_type=kind)
    text = _plain(answer.content, path).replace(login, "LOGIN")
    return answer.status_code, answer.headers.get("Location", ""), text


def _plain(content: bytes, path: str) -> str:
    text = content.decode(errors="replace").replace(path, "PATH")
    return re.sub(r'(csrfmiddlewaretoken" value|nonce|request-id|data-id)="[^"]*"', "", text)


@contextmanager
def _counted_hashes() -> Iterator[list[str]]:
    """What it costs: a password is hashed once, whether or not there is somebody."""
    calls: list[str] = []
    hasher = type(hashers.get_hasher())
    original = hasher.encode

    def encode(self: Any, password: str, *arguments: Any) -> Any:
        calls.append(password)
        return original(self, password, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hasher, "encode", encode)
        yield calls
