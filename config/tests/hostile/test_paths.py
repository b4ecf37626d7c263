"""Path traversal: no id and no name leads to a file."""

from urllib.parse import quote

import pytest

from config.tests.hostile.addresses import Address, every_address
from config.tests.hostile.scene import Scene

pytestmark = pytest.mark.django_db

WAYS_OUT = [
    "../../../../etc/passwd",
    "..",
    ".",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "....//....//etc/passwd",
    "file:///etc/passwd",
    "C:\\x",
    "-1",
    "1e9",
    "٣",  # a digit to Python, an id to nobody
    "9" * 400,
    "a" * 5000,
    "\u202e\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "a\x00b",
]


@pytest.mark.parametrize("way_out", WAYS_OUT)
def test_no_part_of_an_address_leads_to_a_file(scene: Scene, way_out: str) -> None:
    client = scene.client("all rights")
    for address in every_address():
        if address.is_admin and way_out not in WAYS_OUT[:3]:
            continue
        for name in address.parameters:
            path = _path(scene, address, name, quote(way_out, safe=""))
            answer = client.get(path)
            content = b"".join(answer) if answer.streaming else answer.content
            assert answer.status_code < 500, path
            assert b"root:x:" not in content and b"[fonts]" not in content, path


@pytest.mark.parametrize("path", ["/static/", "/media/", "/data/", "/"])
@pytest.mark.parametrize("way_out", ["../manage.py", "..%2fmanage.py", "%2e%2e/manage.py"])
def test_no_file_beside_the_static_ones_is_served(scene: Scene, path: str, way_out: str) -> None:
    assert scene.client("superuser").get(path + way_out).status_code in {400, 404}


def _path(scene: Scene, address: Address, attacked: str, value: str) -> str:
    """The address with this value for one parameter, and proper ones for the others."""

    def value_of(name: str, address: Address) -> object:
        return value if name == attacked else scene.value_of(name, address)

    return address.path(value_of)
