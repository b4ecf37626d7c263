"""What the DRF view does on its own: reading what WSGI servers hand over."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.sending import EVENT_ID, event_envelope
from ingest.views import _chunks

BODY = event_envelope()


class Leaving(BytesIO):
    """A client that goes away while it sends."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionResetError


def post(shop: Shop, source: BytesIO, **environ: Any) -> Any:
    headers = {**shop.auth, "Transfer-Encoding": "chunked"}
    environ |= {"wsgi.input": source, "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    return Client().post(shop.envelope, headers=headers, **environ)


@pytest.mark.usefixtures("inbox")
def test_a_body_without_a_length_is_read_to_its_end(shop: Shop) -> None:
    response = post(shop, BytesIO(BODY))

    assert response.json() == {"id": EVENT_ID}


@pytest.mark.usefixtures("inbox")
def test_a_client_that_leaves_is_no_error_of_the_site(shop: Shop, inbox: ReadableInbox) -> None:
    response = post(shop, Leaving())

    assert response.status_code == 400
    assert inbox.depth() == 0


def test_no_csrf_token_is_asked_for(shop: Shop, inbox: ReadableInbox) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post(shop.envelope, BODY, content_type="text/plain", headers=dict(shop.auth))

    assert response.status_code == 200


def test_a_body_is_read_in_pieces() -> None:
    request: Any = SimpleNamespace(
        META={"wsgi.input_terminated": True, "wsgi.input": BytesIO(b"x" * 200_000)}
    )

    assert [len(chunk) for chunk in _chunks(request)] == [65536, 65536, 65536, 3392]
