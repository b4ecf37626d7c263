"""Token reuse: a secret that was taken back, ran out or lost its person opens nothing, anywhere."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.tokens import issue_pair
from config.tests.hostile.addresses import every_address
from config.tests.hostile.scene import Scene
from ingest.keys import key_cache, load_key
from projects.models import NativeKey, Project, ProjectKey
from projects.native_auth import known_native_keys

pytestmark = pytest.mark.django_db
Undo = Callable[[Scene], object]

LONG_AGO = timezone.now() - timedelta(days=1)
UNDONE: dict[str, tuple[str, Undo]] = {
    "token revoked": ("token", lambda scene: ApiToken.objects.update(revoked_at=LONG_AGO)),
    "token run out": ("token", lambda scene: ApiToken.objects.update(expires_at=LONG_AGO)),
    "token of somebody switched off": ("token", lambda scene: switch_off(scene.stranger)),
    "access token of somebody switched off": (
        "access token",
        lambda scene: switch_off(scene.stranger),
    ),
    "access token before a new password": ("access token", lambda scene: repass(scene.stranger)),
    "access token of nobody": ("access token", lambda scene: remove(scene.stranger)),
    "native key revoked": (
        "native key",
        lambda scene: NativeKey.objects.update(revoked_at=LONG_AGO),
    ),
    "native key run out": (
        "native key",
        lambda scene: NativeKey.objects.update(expires_at=LONG_AGO),
    ),
    "native key of a deleted project": (
        "native key",
        lambda scene: Project.objects.filter(pk=scene.own.pk).update(deleted_at=LONG_AGO),
    ),
}


@pytest.mark.parametrize(("who", "undo"), UNDONE.values(), ids=UNDONE)
def test_what_was_revoked_opens_nothing(scene: Scene, who: str, undo: Undo) -> None:
    client, nobody = scene.client(who), scene.client("nobody")
    paths = [each.path(scene.value_of) for each in every_address() if is_api(each.template)]
    opened = [path for path in paths if differ(client, nobody, path)]
    assert opened, "before that it opens something"
    undo(scene)
    known_native_keys.clear()
    assert not [path for path in paths if differ(client, nobody, path)]


def test_a_refresh_token_opens_nothing_but_the_next_pair(scene: Scene) -> None:
    pair = issue_pair(scene.superuser, now_s=int(time.time()))
    client = Client(headers={"Authorization": f"Bearer {pair.refresh_token}"})
    nobody = scene.client("nobody")
    for address in every_address():
        if is_api(address.template):
            path = address.path(scene.value_of)
            assert client.get(path).status_code == nobody.get(path).status_code, path


def test_a_dsns_key_that_was_revoked_takes_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = scene.own.keys.get()
    ProjectKey.objects.filter(pk=key.pk).update(revoked_at=LONG_AGO)
    revoked = load_key(key.public_key)
    monkeypatch.setattr(key_cache, "_load", lambda public_key: revoked)
    scene.more |= {"project": scene.own.pk, "path_key": key.public_key}
    headers = {"X-Sentry-Auth": f"Sentry sentry_key={key.public_key}"}
    for address in every_address():
        if "project" in address.parameters:
            answer = Client(headers=headers).post(address.path(scene.value_of), b"{}", "text/plain")
            assert answer.status_code in {400, 401, 403, 405, 415}, address


def is_api(template: str) -> bool:
    return template.startswith("/api/")


def differ(client: Client, nobody: Client, path: str) -> bool:
    """Whether reading there gives more than somebody gets who brings nothing."""
    return client.get(path).status_code == 200 != nobody.get(path).status_code


def switch_off(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def repass(person: User) -> None:
    person.set_password("something else")
    person.save()


def remove(person: User) -> None:
    person.memberships.all().delete()
    person.delete()
