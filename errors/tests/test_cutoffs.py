"""What a policy lets go, without a database."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from common.row_ids import received_at_of
from errors.cutoffs import Trim, cut, first_row_id, growth_due, start_of_day
from projects.retention import RetentionPolicy

NOW = datetime(2027, 6, 1, 12, 30, tzinfo=UTC)
POLICY = RetentionPolicy(
    retention_days=90, max_events=0, max_events_per_issue=1_000, resolved_days=0
)
row_ids = st.integers(min_value=0, max_value=2**53)


def test_events_go_after_their_days_to_the_millisecond() -> None:
    (cutoffs,) = cut({7: POLICY}, NOW).values()
    assert received_at_of(cutoffs.events_before) == NOW - timedelta(days=90)


def test_with_partitions_the_longest_retention_goes_by_whole_days() -> None:
    short = RetentionPolicy(30, 0, 1_000, 0)
    cutoffs = cut({7: POLICY, 8: short}, NOW, partitioned_days=90)
    assert received_at_of(cutoffs[7].events_before) == datetime(2027, 3, 3, tzinfo=UTC)
    assert received_at_of(cutoffs[8].events_before) == NOW - timedelta(days=30)


def test_resolved_issues_stay_where_no_days_are_set() -> None:
    assert cut({7: POLICY}, NOW)[7].resolved_before is None
    timely = RetentionPolicy(90, 0, 1_000, 30)
    assert cut({7: timely}, NOW)[7].resolved_before == NOW - timedelta(days=30)


def test_before_the_epoch_nothing_is_old() -> None:
    assert first_row_id(datetime(2025, 1, 1, tzinfo=UTC)) == 0


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2026, 1, 2)))
def test_a_day_begins_at_or_before_each_of_its_moments(moment: datetime) -> None:
    start = start_of_day(moment)
    assert start <= moment < start + timedelta(days=1)
    assert start_of_day(start) == start


@given(st.sets(row_ids, min_size=1), st.integers(min_value=1, max_value=50), st.data())
def test_an_issue_keeps_its_first_its_newest_and_those_around_changes(
    events: set[int], budget: int, data: st.DataObject
) -> None:
    ordered = sorted(events)
    kept = data.draw(st.sets(st.sampled_from(ordered), max_size=20))
    newest = ordered[-budget:]
    trim = Trim(ordered[0], newest[0], frozenset(kept))
    stay = {row_id for row_id in events if not trim.takes(row_id)}
    assert stay == {ordered[0], *newest, *kept}
    # A second look finds nothing more.
    assert sorted(stay)[-budget:] == newest


@given(st.integers(min_value=10, max_value=1_000_000))
def test_an_issue_outgrows_its_budget_by_a_tenth_at_most(budget: int) -> None:
    assert 10 <= growth_due(budget) <= max(10, budget / 10)
