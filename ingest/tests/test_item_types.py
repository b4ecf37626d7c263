"""The reference's item types, row by row: each is taken, kept within its bounds, and counted."""

import gzip
import json
from typing import Any

import pytest

from errors.envelopes import read_envelope
from errors.item_types import KIBIBYTE, MEBIBYTE, size_limit_of
from errors.models import Attachment, Event, Feedback, ItemCount, StoredItem
from ingest.accept import AcceptRequest, Bounds, admit
from ingest.digest import digest_batch
from ingest.inbox.sqlite import SqliteInbox
from ingest.models import QuarantinedMessage
from ingest.protocol.auth import KnownKey
from ingest.tests.messages import make_envelope, make_project, put

pytestmark = pytest.mark.django_db

EVENT_ID = "9ec79c33ec9942ab8353589fcb2e04dc"
TRACE = {"trace_id": "5b8efff798038103d269b633813fc60c", "span_id": "eee19b7ec3c1b174"}
LOG = {"timestamp": 1.5, "level": "warn", "severity_number": 13, "body": "low", "attributes": {}}
METRIC = {"timestamp": 1.5, "name": "orders", "type": "counter", "value": 2, "unit": "none"}
SPAN = {**TRACE, "name": "pay", "status": "ok", "is_segment": True}
SPAN_TIMES = {"start_timestamp": 1.0, "end_timestamp": 2.0}
SESSION = {"sid": EVENT_ID, "init": True, "status": "ok", "attrs": {"release": "shop@1"}}
SAID = {"message": "It broke.", "contact_email": "ana@example.com", "name": "Ana"}
REPORT = {"event_id": EVENT_ID, "name": "Ana", "email": "ana@example.com", "comments": "It broke."}
CHECK_IN = {"check_in_id": "0" * 32, "monitor_slug": "nightly", "status": "ok", "duration": 1.5}
TRANSACTION = {
    "type": "transaction",
    "start_timestamp": 1.0,
    "timestamp": 2.0,
    "contexts": {"trace": TRACE},
}
# One payload of each type; JSON unless it is bytes.
PAYLOADS: dict[str, Any] = {
    "event": {"message": "The shop is closed."},
    "transaction": TRANSACTION,
    "attachment": b"\xff\x00apples",
    "session": SESSION,
    "sessions": {"aggregates": [{"started": "2026-11-20T10:00:00Z", "exited": 3}], "attrs": {}},
    "client_report": {"discarded_events": [{"reason": "x", "category": "error", "quantity": 2}]},
    "feedback": {"contexts": {"feedback": SAID}},
    "user_report": REPORT,
    "check_in": CHECK_IN,
    "log": {"items": [LOG]},
    "trace_metric": {"items": [METRIC]},
    "span": {"items": [{**SPAN, **SPAN_TIMES}]},
    "profile": {"profile": {"samples": []}},
    "profile_chunk": {"chunk_id": EVENT_ID},
    "replay_event": {"replay_id": EVENT_ID},
    "replay_recording": b'{"segment_id":0}\n\x78\x9c\x03\x00',
    "replay_video": b"\x82\xa7",
    "otel_log": {"body": "low"},
    "otlp_traces": {"resourceSpans": []},
    "otlp_logs": {"resourceLogs": []},
    "nel": {"type": "network-error", "body": {"type": "tcp.reset"}},
    "raw_security": {"csp-report": {"effective-directive": "img-src", "blocked-uri": "eval"}},
    "statsd": b"orders@none:2|c|T1700000000",
    "metric_buckets": [{"name": "c:orders", "value": 2}],
    "hologram": b"of tomorrow",
}
# What these become instead of an item that is kept as it came.
EVENTS = ("event", "nel", "raw_security")
BOUNDS = Bounds(20 * MEBIBYTE, 20 * MEBIBYTE, MEBIBYTE)


def payload_of(kind: str) -> bytes:
    payload = PAYLOADS[kind]
    return payload if isinstance(payload, bytes) else json.dumps(payload).encode()


def take(inbox: SqliteInbox, *items: tuple[dict[str, Any], bytes]) -> tuple[int, int]:
    """Accept an envelope as a client sends it and digest it, with nothing set aside.

    Gives the ids of its project and of its row.
    """
    key = make_project()
    known = KnownKey(key.pk, key.project_id, ("*",), is_active=True)
    request = AcceptRequest(
        method="POST",
        endpoint="envelope",
        project=str(key.project_id),
        query=f"sentry_key={key.public_key}",
        content_encoding="gzip",
        body=gzip.compress(make_envelope(*items), 1),
    )
    admitted = admit(
        request, lambda _: known, bounds=BOUNDS, received_ms=1_795_000_000_000, receipt=bytes(16)
    )
    (row_id,) = put(inbox, admitted.message)
    while digest_batch(inbox).read:
        pass
    assert not QuarantinedMessage.objects.exists()
    return key.project_id, row_id


def counted(kind: str) -> int:
    name = "other" if kind == "hologram" else kind
    return sum(ItemCount.objects.filter(type=name).values_list("count", flat=True))


@pytest.mark.parametrize("kind", PAYLOADS)
def test_an_item_of_each_type_is_kept_and_counted(inbox: SqliteInbox, kind: str) -> None:
    take(inbox, ({"type": kind}, payload_of(kind)))

    assert counted(kind) == 1
    assert Event.objects.count() == (kind in EVENTS)
    assert Attachment.objects.count() == (kind == "attachment")
    assert Feedback.objects.count() == (kind in ("feedback", "user_report"))
    assert StoredItem.objects.count() == (kind not in (*EVENTS, "attachment"))


@pytest.mark.parametrize("kind", [kind for kind in PAYLOADS if kind not in EVENTS])
def test_an_envelope_gives_each_type_back(inbox: SqliteInbox, kind: str) -> None:
    project_id, row_id = take(inbox, ({"type": kind, "novelty": 7}, payload_of(kind)))

    kept = read_envelope(project_id, row_id)
    assert kept is not None
    (item,) = kept.items
    assert (item.headers["type"], item.headers["novelty"]) == (kind, 7)
    if isinstance(PAYLOADS[kind], bytes):
        assert item.payload == PAYLOADS[kind]
    else:
        assert json.loads(item.payload) == PAYLOADS[kind]


@pytest.mark.parametrize("payload", [b"", b"null", b"[]", b"{", b"\xff\xfe", b'{"items": 7}', b"7"])
@pytest.mark.parametrize("kind", [kind for kind in PAYLOADS if kind != "event"])
def test_a_payload_that_is_none_is_no_error(inbox: SqliteInbox, kind: str, payload: bytes) -> None:
    take(inbox, ({"type": kind}, payload))

    assert counted(kind) == 1
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("client_report", 4 * KIBIBYTE),
        ("user_report", 64 * KIBIBYTE),
        ("check_in", 100 * KIBIBYTE),
        ("session", MEBIBYTE),
        ("trace_metric", MEBIBYTE),
        ("profile", MEBIBYTE),
        ("hologram", MEBIBYTE),
    ],
)
def test_an_item_above_its_size_limit_is_counted_and_its_header_says_why(
    inbox: SqliteInbox, kind: str, limit: int
) -> None:
    assert size_limit_of(kind) == limit
    fits, is_large = b"x" * limit, b"x" * (limit + 1)
    take(inbox, ({"type": kind}, fits), ({"type": kind}, is_large))

    first, second = StoredItem.objects.order_by("position")
    assert "_dropped" not in first.headers
    assert str(limit) in second.headers["_dropped"]
    assert (second.payload_bytes, counted(kind)) == (limit + 1, 2)


@pytest.mark.parametrize(("kind", "limit"), [("log", 12), ("span", 10), ("otlp_logs", 12)])
def test_a_container_within_its_limit_is_taken_and_kept_up_to_the_sites_own(
    inbox: SqliteInbox, settings: Any, kind: str, limit: int
) -> None:
    payload = b'{"items": "%s"}' % (b"x" * (limit * MEBIBYTE - 100))
    settings.MAX_STORED_ITEM_BYTES = 20 * MEBIBYTE
    take(inbox, ({"type": kind, "item_count": 1}, payload))
    assert "_dropped" not in StoredItem.objects.get().headers


def test_a_hundred_sessions_of_an_envelope_are_kept_and_all_are_counted(
    inbox: SqliteInbox,
) -> None:
    take(inbox, *[({"type": "session"}, payload_of("session"))] * 120)

    assert StoredItem.objects.count() == 100
    assert counted("session") == 120


def test_many_attachments_of_an_envelope_are_kept(inbox: SqliteInbox) -> None:
    items = [({"type": "attachment", "filename": f"{i}.log"}, b"bye") for i in range(30)]
    take(inbox, *items)
    assert Attachment.objects.count() == 30


def test_containers_at_their_limit_are_kept_whole(inbox: SqliteInbox) -> None:
    spans = json.dumps({"items": [SPAN] * 1000}).encode()
    buckets = json.dumps({"aggregates": [{"exited": 1}] * 100}).encode()
    take(inbox, ({"type": "span", "item_count": 1000}, spans), ({"type": "sessions"}, buckets))
    assert [item.payload_bytes for item in StoredItem.objects.order_by("position")] == [
        len(spans),
        len(buckets),
    ]
