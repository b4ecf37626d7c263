"""What these tests look at is all there is."""

import pytest

from config.tests.hostile.addresses import every_address
from config.tests.hostile.scene import Scene, own_models

pytestmark = pytest.mark.django_db

# Made by retention, by learning over many events, or by another process; no page shows their texts.
WITHOUT_ROWS = {
    "EventPayload",
    "IssueSession",
    "IssueTrim",
    "IssueUser",
    "MovedPayload",
    "PayloadDictionary",
    "PayloadPack",
    "Receipt",
    "SigningKey",
    "SitePolicy",
    "StoredEnvelope",
}


def test_every_model_has_a_row_that_attacks(scene: Scene) -> None:
    empty = {model.__name__ for model in own_models() if not model._default_manager.exists()}
    assert empty <= WITHOUT_ROWS


def test_every_address_can_be_filled(scene: Scene) -> None:
    addresses = every_address()
    known = {*scene.values(), "object_id", "row_id", "id"}
    unknown = {
        (address.template, name)
        for address in addresses
        for name in address.parameters
        if name not in known
    }
    assert not unknown, "scene.py does not know what these are of the victims"
    paths = [address.path(scene.value_of) for address in addresses]
    assert len(paths) > 100
    assert f"/projects/victims/issues/{scene.issue.number}/" in paths
