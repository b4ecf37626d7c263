"""A window that slides: exact moments up to a thousand, parts of the window above."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sliding_window import Limit, SlidingWindow

MINUTE = Limit(3, 60)


def take(window: SlidingWindow, limit: Limit, now_ms: int, amount: int = 1) -> int:
    """Let it pass where there is room; 0, or the milliseconds to wait."""
    wait_ms = window.wait_ms(limit, amount, now_ms)
    if not wait_ms:
        window.add(limit, amount, now_ms)
    return wait_ms


def test_the_wait_is_exact_to_the_millisecond() -> None:
    window = SlidingWindow()
    assert [take(window, MINUTE, at) for at in (0, 10_000, 20_000)] == [0, 0, 0]

    assert take(window, MINUTE, 20_001) == 39_999
    assert take(window, MINUTE, 59_999) == 1
    assert take(window, MINUTE, 60_000) == 0
    assert take(window, MINUTE, 60_000) == 10_000


def test_a_refusal_counts_for_nothing() -> None:
    window = SlidingWindow()
    for at in range(100):
        take(window, MINUTE, at)

    assert window.used(MINUTE, 100) == 3


def test_more_than_the_limit_at_once_waits_for_an_empty_window() -> None:
    window = SlidingWindow()
    take(window, MINUTE, 0)

    assert take(window, MINUTE, 1, amount=50) == 59_999
    assert take(window, MINUTE, 60_000, amount=50) == 0
    assert window.used(MINUTE, 60_000) == 3


def test_a_clock_that_steps_back_lets_nothing_more_pass() -> None:
    window = SlidingWindow()
    for _ in range(3):
        take(window, MINUTE, 100_000)

    assert take(window, MINUTE, 30_000) == 130_000


def test_above_a_thousand_old_parts_leave_as_a_whole() -> None:
    limit, window = Limit(1200, 60), SlidingWindow()
    assert take(window, limit, 500, amount=1200) == 0

    assert take(window, limit, 59_000) == 2_000
    assert take(window, limit, 60_999) == 1
    assert take(window, limit, 61_000) == 0


def test_a_large_window_holds_few_parts() -> None:
    limit, window = Limit(1_000_000, 3600), SlidingWindow()
    for at in range(0, 4_000_000, 1_000):
        take(window, limit, at)

    assert len(window._steps) <= 62


def test_a_share_of_the_limit_is_never_nothing() -> None:
    window = SlidingWindow()

    assert window.wait_ms(MINUTE, 1, 0, share=0.001) == 0
    window.add(MINUTE, 1, 0)
    assert window.wait_ms(MINUTE, 1, 0, share=0.001) == 60_000


LIMITS = st.builds(Limit, st.sampled_from([1, 2, 7, 1000, 1001, 1500]), st.integers(1, 5))
STEPS = st.lists(st.tuples(st.integers(0, 3_000), st.integers(1, 900)), max_size=60)


@given(LIMITS, STEPS)
def test_no_stretch_of_the_windows_length_holds_more_than_the_limit(
    limit: Limit, steps: list[tuple[int, int]]
) -> None:
    window, now_ms = SlidingWindow(), 0
    passed: list[tuple[int, int]] = []
    for pause_ms, amount in steps:
        now_ms += pause_ms
        wait_ms = take(window, limit, now_ms, amount)
        if not wait_ms:
            passed.append((now_ms, limit.fitting(amount)))
        else:
            # Not a moment earlier, and then for certain.
            assert window.wait_ms(limit, amount, now_ms + wait_ms - 1) > 0
            assert SlidingWindow.wait_ms(window, limit, amount, now_ms + wait_ms) == 0
            return
        recent = [n for at, n in passed if now_ms - limit.window_ms < at]
        assert sum(recent) <= limit.count


@pytest.mark.parametrize("count", [1, 1000, 1001, 50_000])
def test_the_whole_limit_passes_in_an_empty_window(count: int) -> None:
    limit, window = Limit(count, 10), SlidingWindow()

    assert sum(not take(window, limit, 5) for _ in range(min(count, 2_000))) == min(count, 2_000)
