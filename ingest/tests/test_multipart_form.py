"""Forms that cannot be read leave nothing behind."""

import gc
from collections.abc import Iterator

import pytest
from multipart import PushMultipartParser

from ingest.endpoints.base import Sent
from ingest.endpoints.multipart_form import MAX_PARTS, read_form
from ingest.errors import IngestError
from ingest.tests.forms import BOUNDARY, FORM, form_of

MAX_BYTES = 1_000_000


@pytest.fixture
def no_collection() -> Iterator[None]:
    """What stays in memory now is held by references alone."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\r\n--" * 1000, 400),
        (f"--{BOUNDARY}\r\nno header\r\n".encode(), 400),
        (form_of(*[("part", None, b"x")] * (MAX_PARTS + 1)), 413),
    ],
)
@pytest.mark.usefixtures("no_collection")
def test_a_refused_form_is_gone_at_once(body: bytes, status: int) -> None:
    sent = Sent("POST", "", {}, FORM["Content-Type"], "", body, "a" * 32, MAX_BYTES, MAX_BYTES)
    try:
        read_form(sent)
    except IngestError as error:
        refused_by = error.status
    assert refused_by == status
    # Not isinstance: among all objects are weak ones, which ask what has gone for its class.
    assert not any(type(one) is PushMultipartParser for one in gc.get_objects())
