"""Stored XSS: no text that somebody sent becomes an element, an attribute or a script's address."""

import pytest

from config.tests.hostile.addresses import every_address
from config.tests.hostile.event import script_addresses
from config.tests.hostile.probe import MARK, SCRIPT_ADDRESS, injected
from config.tests.hostile.scene import Scene
from errors.tests.factories import make_document, make_event

pytestmark = pytest.mark.django_db

# Read as what they are and nothing else; all of them with nosniff.
PLAIN_TYPES = {
    "application/json",
    "application/octet-stream",
    "application/x-sentry-envelope",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/csv",
    "text/javascript",
    "text/markdown",
    "text/plain",
}


def test_no_page_makes_an_element_of_data(scene: Scene) -> None:
    pages = _read_all(scene)
    found = {path: injected(page) for path, page in pages.items()}
    assert not {path: bad for path, bad in found.items() if bad}
    # The probe must be there to be harmless.
    showing = [path for path, page in pages.items() if MARK in page]
    assert len(showing) > 30, showing


def test_no_page_links_to_the_address_of_a_script(scene: Scene) -> None:
    scene.event = make_event(scene.issue, make_document(**script_addresses()))
    pages = _read_all(scene)
    assert not {path: bad for path, page in pages.items() if (bad := injected(page))}
    assert any(SCRIPT_ADDRESS in page for page in pages.values())


def _read_all(scene: Scene) -> dict[str, str]:
    """Every page by its address, as somebody sees it who may see all."""
    client = scene.client("all rights")
    pages = {}
    for address in every_address():
        if "logout" in address.name:
            continue
        path = address.path(scene.value_of)
        answer = client.get(path)
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if kind == "text/html":
            pages[path] = answer.content.decode()
        elif answer.status_code == 200:
            assert kind in PLAIN_TYPES, (path, kind)
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
    return pages
