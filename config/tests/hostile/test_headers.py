"""Header injection: no line break of a request or of stored data reaches a header or a mail."""

from urllib.parse import quote

import pytest
from django.core import mail

from config.tests.hostile.addresses import Address, every_address
from config.tests.hostile.asking import NO_CHANNEL, fields
from config.tests.hostile.scene import Scene
from errors.models import Issue, Release, StoredItem
from projects.models import Project, ProjectKey

pytestmark = pytest.mark.django_db

BREAK = "x\r\nX-Injected: yes\r\n\r\n<p>"
NAMES = ("next", "url", "q", "name", "filename", "download", "environment", "sort", "label")


def test_no_part_of_a_request_becomes_a_header(scene: Scene) -> None:
    client = scene.client("all rights")
    origin = {"Referer": "https://testserver/x%0d%0aX-Injected:%20yes", "X-Request-ID": "a b"}
    form = fields(scene) | dict.fromkeys(NAMES, BREAK)
    for path in _paths(scene):
        for answer in (
            client.get(path, dict.fromkeys(NAMES, BREAK), headers=origin),
            client.post(path, form, headers=origin),
        ):
            _check(path, answer)


def test_no_stored_name_becomes_a_header(scene: Scene) -> None:
    Project.objects.filter(pk=scene.project.pk).update(name=BREAK)
    ProjectKey.objects.update(label=BREAK)
    Issue.objects.update(title=BREAK)
    Release.objects.update(version=BREAK)
    StoredItem.objects.update(headers={"filename": BREAK, "content_type": BREAK})
    client = scene.client("all rights")
    for path in _paths(scene):
        _check(path, client.get(path))


def test_ids_with_line_breaks_are_no_ids(scene: Scene) -> None:
    client = scene.client("all rights")
    for address in every_address():
        for attacked in address.parameters:

            def value_of(name: str, address: Address, attacked: str = attacked) -> object:
                return quote(BREAK) if name == attacked else scene.value_of(name, address)

            path = address.path(value_of)
            _check(path, client.get(path))


def test_no_line_break_reaches_the_head_of_a_mail(scene: Scene) -> None:
    for login in ("owner\r\nBcc: evil@evil.example", "owner@example.com\nBcc: evil@evil.example"):
        scene.client("nobody").post("/accounts/password/reset/", {"email": login, "login": login})
    heads = [str(each.message()).partition("\n\n")[0] for each in mail.outbox]
    assert not [head for head in heads if "evil" in head]


def _paths(scene: Scene) -> list[str]:
    paths = {address.path(scene.value_of) for address in every_address()} - {NO_CHANNEL}
    return sorted(paths, key=lambda path: ("logout" in path, "delete" in path))


def _check(path: str, answer: object) -> None:
    headers = answer.headers  # type: ignore[attr-defined]  # of Django's test client
    assert answer.status_code < 500, path  # type: ignore[attr-defined]
    assert "X-Injected" not in headers, path
    broken = [name for name, value in headers.items() if "\n" in value or "\r" in value]
    assert not broken, (path, broken)
