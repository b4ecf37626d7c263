"""Whatever a native client sends becomes an event or is refused; nothing else happens."""

import json
import time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from common.jsonio import dumps, loads
from errors.grouping import group_event
from errors.normalize import normalize_event
from errors.presenters.traceback import write_traceback
from errors.scrub import ScrubPolicy, scrub_event
from errors.summary import summarize_event
from ingest.native.reports import ReportError, event_of, read_browser_error, read_error
from ingest.native.simple import SimpleEventError, read_simple_event, simple_event_of

EVENT_ID = "9ec79c33ec9942ab8353589fcb2e04dc"
POLICY = ScrubPolicy((), (), False)
NAMES = (
    *("project", "exception_type", "message", "traceback", "environment", "request_url"),
    *("request_method", "request_headers", "user_id", "extra", "type", "stack", "url"),
    *("user_agent", "session_id", "release", "context", "project_key", "path", "method"),
    *("status_code", "timestamp"),
)
TEXTS = st.text(max_size=60) | st.sampled_from(
    [
        'Traceback (most recent call last):\n  File "a.py", line 1, in f\nE: m',
        "E: m\n    at f (a.js:1:2)",
        "f@a.js:1:2",
        "\0",
        "x" * 9000,
    ]
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from(NAMES), TEXTS | ANYTHING, max_size=len(NAMES)).map(
    lambda body: json.dumps(body).encode("utf-8", "surrogatepass")
) | st.binary(max_size=50)


def digest(event: dict[str, Any]) -> None:
    """What the digest does of it, short of the database."""
    raw = loads(dumps(event))
    normalized = normalize_event(
        raw, event_id=EVENT_ID, received_at=time.time(), sent_at=None, client_ip=None
    )
    scrubbed = scrub_event(normalized.event, POLICY)
    assert group_event(scrubbed).primary
    assert summarize_event(scrubbed).title
    assert isinstance(write_traceback(scrubbed), str)


@settings(max_examples=200, deadline=None)
@given(BODIES)
def test_any_body_is_a_report_or_says_why_not(body: bytes) -> None:
    for read in (read_error, read_browser_error):
        try:
            report = read(body)
        except ReportError as error:
            assert str(error)
        else:
            digest(event_of(report, event_id=EVENT_ID))


@settings(max_examples=200, deadline=None)
@given(BODIES)
def test_any_body_is_a_simple_event_or_says_what_is_wrong(body: bytes) -> None:
    try:
        given_event = read_simple_event(body, now=1_780_315_200.0)
    except SimpleEventError as error:
        assert error.faults
        json.dumps(error.faults)
    else:
        assert "T" in given_event.timestamp
        digest(simple_event_of(given_event, event_id=EVENT_ID))
