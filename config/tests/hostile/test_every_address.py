"""What these tests look at is all there is."""

import pytest

from config.tests.hostile.addresses import every_address
from config.tests.hostile.scene import Scene, own_models, written_texts

pytestmark = pytest.mark.django_db


def test_every_model_has_a_row_that_attacks(scene: Scene) -> None:
    empty = {
        model.__name__
        for model in own_models()
        if written_texts(model) and not model._default_manager.exists()
    }
    assert not empty, "conftest.py makes none"


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
