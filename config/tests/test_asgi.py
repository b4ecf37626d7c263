"""Which WebSockets the site takes."""

from typing import Any

import pytest

from config import asgi
from config.asgi import TRY_AGAIN_LATER, is_same_origin, websocket


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


async def test_a_socket_is_refused_while_live_messages_are_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*_: object) -> None:
        raise ConnectionError("Redis does not answer")

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(asgi, "_routes", fail)
    headers = [(b"host", b"a.example"), (b"origin", b"https://a.example")]
    await websocket({"path": "/ws/issues/", "headers": headers}, receive, send)
    assert sent == [{"type": "websocket.close", "code": TRY_AGAIN_LATER}]
