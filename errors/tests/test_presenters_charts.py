"""Geometry of sparkline and histogram."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from errors.presenters.charts import (
    HISTOGRAM_HEIGHT_PX,
    _label_width,
    draw_histogram,
    draw_sparkline,
    hour_of,
)

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


def test_a_sparkline_has_a_bar_for_each_hour_and_says_its_total() -> None:
    now_hour = hour_of(NOW)
    sparkline = draw_sparkline(
        {now_hour: 8, now_hour - 23: 4, now_hour - 24: 99}, now_hour=now_hour
    )
    assert sparkline.path.count("M") == 24
    assert sparkline.label == "12 events in 24 hours, at most 8 an hour"


def test_the_highest_bar_fills_the_sparkline_and_the_smallest_is_seen() -> None:
    now_hour = hour_of(NOW)
    sparkline = draw_sparkline({now_hour: 1000, now_hour - 1: 1}, now_hour=now_hour)
    assert sparkline.path.endswith(f"v-{sparkline.height}h3v{sparkline.height}z")
    assert "v-3h3v3z" in sparkline.path


def test_a_silent_issue_has_a_base_line() -> None:
    sparkline = draw_sparkline({}, now_hour=hour_of(NOW))
    assert sparkline.path.count("v-1h3v1z") == 24
    assert sparkline.label == "0 events in 24 hours"


def test_the_histogram_counts_days_in_the_readers_zone() -> None:
    # 23:30 UTC is the next day in Stockholm.
    hour = hour_of(datetime(2026, 11, 18, 23, 0, tzinfo=UTC))
    in_utc = draw_histogram({hour: 5}, [], now=NOW)
    in_stockholm = draw_histogram({hour: 5}, [], now=NOW.astimezone(ZoneInfo("Europe/Stockholm")))
    assert [day.day for day, count in in_utc.days if count] == [18]
    assert [day.day for day, count in in_stockholm.days if count] == [19]
    assert [bar.label for bar in in_utc.bars if bar.count] == ["18 Nov, 18-24 h"]


def test_the_histogram_ends_today_and_scales_to_its_peak() -> None:
    histogram = draw_histogram({hour_of(NOW): 10}, [], now=NOW)
    assert histogram.days[-1] == (NOW.date(), 10)
    (bar,) = [bar for bar in histogram.bars if bar.count]
    assert bar is histogram.bars[-1]
    assert (bar.label, bar.y, bar.height) == ("20 Nov, 12-18 h", 0, HISTOGRAM_HEIGHT_PX)
    assert histogram.total == 10


def test_releases_are_marked_where_they_were_first_seen() -> None:
    releases = [("old", NOW - timedelta(days=40)), ("new", NOW - timedelta(days=15))]
    marks = draw_histogram({}, releases, now=NOW).marks
    assert [mark.version for mark in marks] == ["new"]
    assert 48 < marks[0].x < 52


def test_of_close_releases_the_later_keeps_its_label() -> None:
    releases = [("a", NOW - timedelta(days=15.3)), ("b", NOW - timedelta(days=15))]
    marks = draw_histogram({}, releases, now=NOW).marks
    assert [(mark.version, mark.is_labelled) for mark in marks] == [("a", False), ("b", True)]


def test_labels_never_meet_each_other() -> None:
    ages = (29, 27.5, 20, 19.7, 12, 9, 8.5, 2, 1.9, 0)
    releases = [(f"release-{age}", NOW - timedelta(days=age)) for age in ages]
    marks = draw_histogram({}, releases, now=NOW).marks
    labels = [(mark, _label_width(mark.version)) for mark in marks if mark.is_labelled]
    spans = [
        (mark.x - width, mark.x) if mark.is_flipped else (mark.x, mark.x + width)
        for mark, width in labels
    ]
    assert len(spans) >= 3
    assert all(left[1] <= right[0] + 0.01 for left, right in pairwise(spans))


def test_short_labels_stand_closer_than_long_ones() -> None:
    for version, is_labelled in (("1.2", True), ("1.2.3-rc.4+build", False)):
        releases = [(version, NOW - timedelta(days=17)), ("b", NOW - timedelta(days=15))]
        assert draw_histogram({}, releases, now=NOW).marks[0].is_labelled == is_labelled


def test_a_label_at_the_edge_stands_before_its_line() -> None:
    marks = draw_histogram({}, [("v1", NOW)], now=NOW).marks
    assert marks[0].is_flipped
