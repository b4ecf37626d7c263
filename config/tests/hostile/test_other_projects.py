"""Objects of another project through every endpoint: not seen, not changed, not even there."""

import pytest
from django.urls import reverse

from config.tests.hostile.addresses import every_address
from config.tests.hostile.asking import REFUSALS, bulk_actions, ways
from config.tests.hostile.probe import MARK
from config.tests.hostile.scene import Scene, harmed, snapshot

pytestmark = pytest.mark.django_db
# The person's own; asking there would end the session.
OF_THE_PERSON = {"account_logout", "admin:logout"}


@pytest.mark.parametrize("who", ["nobody", "stranger", "token", "access token", "native key"])
def test_no_address_shows_or_changes_what_is_others(scene: Scene, who: str) -> None:
    before, client = snapshot(scene), scene.client(who)
    for address in every_address():
        if address.name in OF_THE_PERSON:
            continue
        path = address.path(scene.value_of)
        for ask in ways(scene, address):
            answer = ask(client, path)
            content = b"".join(answer) if answer.streaming else answer.content
            assert MARK.encode() not in content, (answer.request["REQUEST_METHOD"], path)
            assert answer.status_code < 500 or answer.status_code == 503, path
    assert not harmed(scene, before)


def test_pages_of_others_projects_are_not_there(scene: Scene) -> None:
    client = scene.client("stranger")
    for address in every_address():
        if "slug" in address.parameters:
            path = address.path(scene.value_of)
            codes = {client.get(path).status_code, client.post(path).status_code}
            assert codes <= {404, 405}, (path, codes)


def test_strangers_are_asked_who_they_are(scene: Scene) -> None:
    client = scene.client("nobody")
    for address in every_address():
        if "slug" in address.parameters or address.is_admin:
            path = address.path(scene.value_of)
            assert client.get(path).status_code in REFUSALS, path
            assert client.post(path).status_code in REFUSALS, path


def test_bulk_actions_reach_no_row_of_others(scene: Scene) -> None:
    before, client = snapshot(scene), scene.client("stranger")
    for model, action in bulk_actions():
        rows = list(scene.rows_of(model).values_list("pk", flat=True)[:50])
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        data = {"action": action, "_selected_action": rows, "post": "yes", "select_across": "1"}
        answer = client.post(address, data, follow=True)
        assert MARK.encode() not in answer.content, (address, action)
    assert not harmed(scene, before)
