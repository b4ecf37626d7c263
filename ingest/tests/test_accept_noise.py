"""Whatever comes: admit takes it or refuses it, and never fails in another way."""

import gzip
import zlib
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ingest.accept import AcceptRequest, Bounds, Endpoint, admit
from ingest.answers import accepted, preflight, refused
from ingest.errors import IngestError
from ingest.inbox.base import Message
from ingest.limits import Full, Passed
from ingest.limits.envelopes import split
from ingest.protocol.auth import KnownKey
from ingest.protocol.categories import category_of
from ingest.protocol.envelope import Envelope, Item, parse_envelope, write_envelope
from ingest.protocol.open import open_message
from ingest.tests.sending import event_envelope

Items = list[tuple[dict[str, Any], bytes]]
KEY = "a" * 32
KNOWN = KnownKey(key_id=1, project_id=7, allowed_origins=("https://shop.example",), is_active=True)
BOUNDS = Bounds(body_bytes=4000, envelope_bytes=4000, event_bytes=2000)
GOOD = event_envelope()

# What a server hands over as a header or a query: latin-1.
TEXT = st.text(st.characters(max_codepoint=255), max_size=40)
AUTH = TEXT | TEXT.map("Sentry sentry_key={}".format) | TEXT.map("Basic {}".format)
CODINGS = st.sampled_from(["", "gzip", "deflate", "br", "zstd", "GZIP"]) | TEXT
BODIES = st.sampled_from([GOOD, gzip.compress(GOOD), zlib.compress(GOOD)]) | st.binary()
ENDPOINTS: st.SearchStrategy[Endpoint] = st.sampled_from(["envelope", "store"])
REQUESTS = st.builds(
    AcceptRequest,
    method=st.sampled_from(["POST", "GET"]),
    endpoint=ENDPOINTS,
    project=st.just("7") | TEXT,
    query=TEXT | st.just(f"sentry_key={KEY}") | TEXT.map("sentry_key=&sentry_data={}".format),
    x_sentry_auth=st.just(f"Sentry sentry_key={KEY}") | AUTH,
    authorization=st.just("") | AUTH,
    content_type=st.just("application/x-sentry-envelope") | TEXT,
    content_encoding=CODINGS,
    origin=st.just("") | TEXT | TEXT.map("https://{}".format),
    body=BODIES,
)
NAMED = REQUESTS.map(lambda request: _named(request))


def _named(request: AcceptRequest) -> AcceptRequest:
    """The same from a client that is known, so that its body is looked at."""
    request.project, request.query, request.authorization, request.origin = "7", "", "", ""
    request.x_sentry_auth = f"Sentry sentry_key={KEY}"
    return request


def find_key(public_key: str) -> KnownKey | None:
    return KNOWN if public_key == KEY else None


def taken(request: AcceptRequest) -> Message:
    admitted = admit(request, find_key, bounds=BOUNDS, received_ms=1, receipt=b"\1" * 16)
    return admitted.message


@given(REQUESTS | NAMED)
def test_anything_is_taken_or_refused(request: AcceptRequest) -> None:
    try:
        answer = accepted(request, Passed(taken(request)), row_id=1)
    except IngestError as error:
        answer = refused(request, error)
        assert answer.status in {400, 401, 403, 405, 413, 415}
    else:
        assert answer.status == 200
    assert all(b"\n" not in value and b"\r" not in value for _, value in answer.headers)
    assert preflight(request).status == 200


@given(NAMED)
def test_the_digest_opens_whatever_was_taken(request: AcceptRequest) -> None:
    with suppress(IngestError):
        envelope = open_message(taken(request), max_bytes=BOUNDS.envelope_bytes)
        assert all(item.type for item in envelope.items)


TYPES = st.sampled_from(["event", "session", "attachment", "client_report", "check_in", "x"])
ITEMS = st.lists(
    st.tuples(st.fixed_dictionaries({"type": TYPES}, optional={"a": TEXT}), st.binary()), max_size=6
)


@given(ITEMS, st.sets(st.sampled_from(["error", "session", "attachment", "default"]), min_size=1))
def test_what_limits_leave_of_an_envelope_can_be_read(items: Items, names: set[str]) -> None:
    written = write_envelope(Envelope({"a": 1}, [Item(*item) for item in items]))
    request = AcceptRequest("POST", "envelope", "7", query=f"sentry_key={KEY}", body=written)
    admitted = admit(request, find_key, bounds=BOUNDS, received_ms=1, receipt=b"\1" * 16)
    full = tuple(Full(name, 60, "project") for name in sorted(names))

    found = split(admitted, full, max_bytes=BOUNDS.envelope_bytes)

    rest = parse_envelope(found.rest).items if found.rest else []
    gone = (
        {*names, "attachment"}
        if "error" in names and any(headers["type"] == "event" for headers, _ in items)
        else names
    )
    expected = [item for item in items if category_of(item[0]["type"]) not in gone]
    assert [bytes(item.payload) for item in rest] == [payload for _, payload in expected]
    assert len(rest) + len(found.gone) == len(items)
