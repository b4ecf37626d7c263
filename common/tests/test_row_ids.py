"""Row ids: they carry their time and stay readable for JavaScript."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from common.row_ids import EPOCH, EPOCH_MS, LOW_BITS, received_at_of, row_id_at


@given(st.integers(EPOCH_MS, EPOCH_MS + 60 * 366 * 86_400_000), st.integers(0, 2**LOW_BITS - 1))
def test_an_id_tells_when_it_was_given(unix_ms: int, low: int) -> None:
    moment = datetime.fromtimestamp(unix_ms // 1000, UTC) + timedelta(milliseconds=unix_ms % 1000)

    assert received_at_of(row_id_at(unix_ms) + low) == moment


@given(st.integers(EPOCH_MS, EPOCH_MS + 10**12))
def test_the_next_millisecond_has_greater_ids(unix_ms: int) -> None:
    assert row_id_at(unix_ms) + 2**LOW_BITS == row_id_at(unix_ms + 1)


def test_ids_are_exact_in_json_until_2095() -> None:
    assert row_id_at(int(datetime(2095, 1, 1, tzinfo=UTC).timestamp() * 1000)) < 2**53


def test_a_clock_before_2026_gives_no_negative_id() -> None:
    assert row_id_at(0) == 0
    assert received_at_of(0) == EPOCH
