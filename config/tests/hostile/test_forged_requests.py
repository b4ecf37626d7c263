"""Cross-site requests: another site's page in a signed-in browser changes nothing."""

import pytest

from config.tests.hostile.addresses import every_address
from config.tests.hostile.asking import fields
from config.tests.hostile.scene import Scene, harmed, snapshot

pytestmark = pytest.mark.django_db

# After these the person is no longer there.
ENDS = {"account_logout", "member_remove", "member_role"}


@pytest.mark.parametrize("who", ["owner", "superuser"])
def test_a_form_of_another_site_changes_nothing(scene: Scene, who: str) -> None:
    client = scene.client(who, enforce_csrf_checks=True)
    before = snapshot(scene)
    for address in every_address():
        path = address.path(scene.value_of)
        form = fields(scene) | {"name": scene.project.name}
        client.post(path, form, headers={"Origin": "https://evil.example"})
    assert not harmed(scene, before)


def test_the_same_form_of_our_own_pages_would(scene: Scene) -> None:
    client, before = scene.client("owner"), snapshot(scene)
    for address in every_address():
        if not address.is_admin and address.name not in ENDS:
            client.post(address.path(scene.value_of), fields(scene))
    assert harmed(scene, before) >= {"Issue", "ProjectKey"}


@pytest.mark.parametrize("who", ["owner", "superuser"])
def test_reading_changes_nothing(scene: Scene, who: str) -> None:
    before, client = snapshot(scene), scene.client(who)
    for address in every_address():
        client.get(address.path(scene.value_of), fields(scene))
    assert not harmed(scene, before)
