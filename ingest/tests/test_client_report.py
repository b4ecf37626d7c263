"""What clients dropped themselves, in every shape of the report."""

import json
from typing import Any

import pytest

from ingest.protocol.client_report import MAX_BYTES, MAX_QUANTITY, Discarded, read_client_report


def read(**lists: Any) -> list[Discarded]:
    return read_client_report(json.dumps({"timestamp": 1, **lists}).encode())


def test_client_report_row_discarded_events_have_reason_category_and_quantity() -> None:
    given = [{"reason": "sample_rate", "category": "transaction", "quantity": 40}]
    assert read(discarded_events=given) == [Discarded("transaction", "sample_rate", 40)]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("rate_limited_events", "ratelimit_backoff"),
        ("filtered_events", "event_processor"),
        ("filtered_sampling_events", "sample_rate"),
    ],
)
def test_older_lists_imply_their_reason(name: str, reason: str) -> None:
    given = [{"category": "error", "quantity": 2}]
    assert read(**{name: given}) == [Discarded("error", reason, 2)]
    named = [{"category": "error", "quantity": 2, "reason": "queue_overflow"}]
    assert read(**{name: named}) == [Discarded("error", "queue_overflow", 2)]


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "3", True, None, [], 10**15])
def test_quantities_are_whole_numbers_within_bounds(quantity: Any) -> None:
    found = read(discarded_events=[{"category": "error", "quantity": quantity}])
    assert [one.quantity for one in found] == ([MAX_QUANTITY] if quantity == 10**15 else [])


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"discarded_events": {}}',
        b'{"discarded_events": [7, null, [], "x", {}]}',
        b'{"discarded_events": [{"quantity": 1}], "pad": "' + b"x" * MAX_BYTES + b'"}',
    ],
)
def test_what_cannot_be_read_counts_for_nothing(payload: bytes) -> None:
    assert read_client_report(payload) == []
