"""Row ids: they carry their time and stay readable for JavaScript."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from common.row_ids import (
    EPOCH,
    EPOCH_MS,
    IDS_ASIDE,
    LOW_BITS,
    SEQUENCE_BITS,
    date_of,
    day_of,
    ids_of_day,
    received_at_of,
    row_id_aside,
    row_id_at,
    row_id_of,
)


@given(st.integers(EPOCH_MS, EPOCH_MS + 60 * 366 * 86_400_000), st.integers(0, 2**LOW_BITS - 1))
def test_an_id_tells_when_it_was_given(unix_ms: int, low: int) -> None:
    moment = datetime.fromtimestamp(unix_ms // 1000, UTC) + timedelta(milliseconds=unix_ms % 1000)

    assert received_at_of(row_id_at(unix_ms) + low) == moment


@given(st.integers(EPOCH_MS, EPOCH_MS + 10**12))
def test_the_next_millisecond_has_greater_ids(unix_ms: int) -> None:
    assert row_id_at(unix_ms) + 2**LOW_BITS == row_id_at(unix_ms + 1)


@given(st.integers(0, 2**46), st.integers(0, 63))
def test_the_next_slot_has_a_greater_id_of_the_same_source(slot: int, source: int) -> None:
    row_id, following = row_id_of(slot, source), row_id_of(slot + 1, source)

    assert row_id < following
    assert (row_id >> 6) % 64 == (following >> 6) % 64 == source
    assert received_at_of(row_id) == EPOCH + timedelta(milliseconds=slot >> 6)


def test_ids_are_exact_in_json_until_2095() -> None:
    assert row_id_at(int(datetime(2095, 1, 1, tzinfo=UTC).timestamp() * 1000)) < 2**53


def test_a_clock_before_2026_gives_no_negative_id() -> None:
    assert row_id_at(0) == 0
    assert received_at_of(0) == EPOCH


@given(st.integers(0, 2**53 - 1))
def test_an_id_lies_in_the_day_on_which_it_was_given(row_id: int) -> None:
    day = day_of(row_id)

    assert row_id in ids_of_day(day)
    assert date_of(day) == received_at_of(row_id).date()


def test_days_follow_each_other_without_a_gap() -> None:
    assert ids_of_day(0).start == 0
    assert ids_of_day(41).stop == ids_of_day(42).start
    assert date_of(41) == date(2026, 2, 11)


def test_ids_aside_are_of_their_millisecond_and_of_no_inbox() -> None:
    ms = EPOCH_MS + 86_400_000 * 300 + 7
    ids = {row_id_aside(ms, number) for number in range(IDS_ASIDE)}

    assert len(ids) == IDS_ASIDE
    assert all(row_id_at(ms) <= row_id < row_id_at(ms + 1) for row_id in ids)
    taken = {row_id >> SEQUENCE_BITS & 63 for row_id in ids}
    # Redis has the sources 1 to 32, PostgreSQL has 63.
    assert taken == set(range(40, 56))
