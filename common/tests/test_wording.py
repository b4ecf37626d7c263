"""Numbers, ages and sizes in words."""

from datetime import UTC, datetime, timedelta

import pytest

from common.wording import describe_age, describe_moment, describe_size, shorten_number

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (987, "987"),
        (1_000, "1k"),
        (1_249, "1.2k"),
        (12_431, "12.4k"),
        (124_900, "124k"),
        (999_999, "999k"),
        (3_100_000, "3.1M"),
        (2_000_000_000, "2G"),
    ],
)
def test_numbers_take_five_characters_and_never_round_up(number: int, text: str) -> None:
    assert shorten_number(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3, "now"),
        (42, "42 s"),
        (150, "2 min"),
        (3_600, "1 h"),
        (90_000, "1 day"),
        (400_000, "4 days"),
        (17 * 86_400, "3 Nov"),
        (400 * 86_400, "16 Oct 2025"),
        (-30, "now"),
        (-90_000, "21 Nov"),
    ],
)
def test_ages_use_the_unit_that_fits(seconds: int, text: str) -> None:
    assert describe_age(NOW - timedelta(seconds=seconds), NOW) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(3, "just now"), (150, "2 min ago"), (17 * 86_400, "3 Nov")]
)
def test_moments_read_well_in_a_sentence(seconds: int, text: str) -> None:
    assert describe_moment(NOW - timedelta(seconds=seconds), NOW) == text


@pytest.mark.parametrize(
    ("size", "text"), [(812, "812 B"), (1_434, "1.4 KB"), (3_355_444, "3.2 MB"), (2**31, "2 GB")]
)
def test_sizes_have_units(size: int, text: str) -> None:
    assert describe_size(size) == text
