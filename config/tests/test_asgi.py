"""Which WebSockets the site takes."""

import pytest

from config.asgi import is_same_origin


@pytest.mark.parametrize(
    ("origin", "is_taken"),
    [
        (b"http://testserver:8000", True),
        (b"https://testserver:8000", True),
        (b"http://testserver:9999", False),
        (b"http://testserver", False),
        (b"http://elsewhere:8000", False),
        (b"null", False),
    ],
)
def test_only_pages_of_the_same_host_and_port_may_listen(origin: bytes, is_taken: bool) -> None:
    scope = {"headers": [(b"host", b"testserver:8000"), (b"origin", origin)]}

    assert is_same_origin(scope) is is_taken


def test_a_client_without_an_origin_may_not() -> None:
    assert not is_same_origin({"headers": [(b"host", b"testserver:8000")]})
