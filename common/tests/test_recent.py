"""Answers that are remembered for seconds."""

import pytest

from common.recent import RecentAnswers


class Clock:
    """Seconds that a test moves on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asked() -> list[int]:
    return []


@pytest.fixture
def answers(clock: Clock, asked: list[int]) -> RecentAnswers[int, int | None]:
    def ask(question: int) -> int | None:
        asked.append(question)
        return question or None

    return RecentAnswers(ask, ttl_s=5, max_entries=2, clock=clock)


def test_an_answer_is_good_for_its_seconds(
    answers: RecentAnswers[int, int | None], asked: list[int], clock: Clock
) -> None:
    assert [answers.find(7), answers.find(7)] == [7, 7]
    clock.now = 5.0
    answers.find(7)
    assert asked == [7, 7]


def test_that_there_is_none_is_remembered_too(
    answers: RecentAnswers[int, int | None], asked: list[int]
) -> None:
    assert [answers.find(0), answers.find(0)] == [None, None]
    assert asked == [0]


def test_the_oldest_answer_makes_room(
    answers: RecentAnswers[int, int | None], asked: list[int]
) -> None:
    for question in (1, 2, 3, 3, 2, 1):
        answers.find(question)
    assert asked == [1, 2, 3, 1]


def test_a_failure_is_not_remembered() -> None:
    def fail(question: int) -> int:
        raise OSError(question)

    answers = RecentAnswers(fail, ttl_s=5, max_entries=2)
    for _ in range(2):
        with pytest.raises(OSError):
            answers.find(1)


def test_clearing_forgets_everything(
    answers: RecentAnswers[int, int | None], asked: list[int]
) -> None:
    answers.find(1)
    answers.clear()
    answers.find(1)
    assert asked == [1, 1]
