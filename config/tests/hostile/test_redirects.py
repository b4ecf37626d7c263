"""Open redirects: no address of ours sends anybody to another site."""

from urllib.parse import urlsplit

import pytest

from config.tests.hostile.addresses import every_address
from config.tests.hostile.asking import fields
from config.tests.hostile.scene import PASSWORD, Scene

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    r"\\evil.example/",
    r"/\evil.example/",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example/",
    "https://testserver@evil.example/",
    "///evil.example/",
]
NAMES = ("next", "url", "redirect", "return", "return_to", "redirect_to", "continue", "r")


@pytest.mark.parametrize("target", ELSEWHERE[:2])
@pytest.mark.parametrize("who", ["nobody", "owner"])
def test_no_address_leads_elsewhere(scene: Scene, who: str, target: str) -> None:
    wanted, referer = dict.fromkeys(NAMES, target), {"Referer": target}
    form, client = fields(scene) | wanted, scene.client(who)
    for path in _paths(scene):
        for answer in (
            client.get(path, wanted, headers=referer),
            client.post(path, form, headers=referer),
        ):
            _check(path, answer.headers.get("Location", ""))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_and_out_leads_nowhere_else(scene: Scene, target: str) -> None:
    client = scene.client("nobody")
    sign_in = {"login": "owner", "password": PASSWORD, "next": target}
    steps = [
        ("/accounts/login/", sign_in),
        ("/accounts/theme/", {"theme": "dark", "next": target}),
        ("/issues/status/", {"issue": scene.issue.pk, "action": "reopen", "next": target}),
        ("/accounts/logout/", {"next": target}),
    ]
    for path, data in steps:
        answer = client.post(path, data)
        assert answer.status_code == 302, path
        _check(path, answer.headers["Location"])


def _check(path: str, location: str) -> None:
    """As browsers read it: backslashes are slashes, leading space is nothing."""
    parts = urlsplit(location.strip().replace("\\", "/"))
    assert parts.scheme in {"", "http", "https"}, (path, location)
    assert not location.startswith(("///", "/\\")), (path, location)
    assert parts.hostname in {None, "testserver"}, (path, location)


def _paths(scene: Scene) -> list[str]:
    """All at once, before anything of the scene changes; the way out at the end."""
    paths = [address.path(scene.value_of) for address in every_address()]
    return sorted(paths, key=lambda path: "logout" in path)
