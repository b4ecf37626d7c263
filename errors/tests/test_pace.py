"""Steps of a bounded length, rests in proportion, an end between two steps."""

from collections.abc import Iterator

import pytest

from errors.services import pace
from errors.services.pace import MAX_STEP, MAX_WORK_S, MIN_STEP, STEP_S, Pace, Stopped


class Clock:
    """Time that passes when a test says so; `rested` adds up what was slept."""

    def __init__(self) -> None:
        self.now = self.rested = 0.0

    def monotonic(self) -> float:
        return self.now

    thread_time = monotonic

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.rested += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pace, "time", clock)
    return clock


@pytest.fixture
def told_to_stop() -> Iterator[None]:
    pace.stopping.set()
    yield
    pace.stopping.clear()


def test_rests_make_up_for_the_work(clock: Clock) -> None:
    tenth = Pace(share=0.1)
    clock.now += 0.01
    tenth.rest()
    assert clock.rested == pytest.approx(0.09)
    clock.now += 0.02
    tenth.rest()
    assert clock.rested == pytest.approx(0.27)


def test_waiting_for_others_is_not_rested_for(clock: Clock) -> None:
    half = Pace(share=0.5)
    clock.now += 10
    half.rest()
    assert clock.rested == pytest.approx(MAX_WORK_S)


@pytest.mark.parametrize(
    ("row_s", "fitting"), [(STEP_S / 200, 200), (1.0, MIN_STEP), (0, MAX_STEP)]
)
def test_steps_grow_and_shrink_to_their_time(clock: Clock, row_s: float, fitting: int) -> None:
    quick = Pace(share=1.0)
    for part in quick.parts(range(20_000)):
        clock.now += len(part) * row_s
        if len(part) == fitting:
            break
    assert len(part) == pytest.approx(fitting, abs=1)


def test_parts_hand_out_each_id_once(clock: Clock) -> None:
    handed = [each for part in Pace(share=1.0).parts(range(1_234)) for each in part]
    assert handed == list(range(1_234))


def test_time_that_is_over_ends_it_between_two_steps(clock: Clock) -> None:
    short = Pace(share=1.0, seconds=1.0)
    handed: list[int] = []
    with pytest.raises(Stopped):
        for part in short.parts(range(10_000)):
            handed += part
            clock.now += 0.6
    assert handed == list(range(100 + MIN_STEP))


@pytest.mark.usefixtures("told_to_stop")
def test_a_process_that_ends_does_not_rest(clock: Clock) -> None:
    patient = Pace(share=0.01)
    clock.now += 1
    with pytest.raises(Stopped):
        patient.rest()
    assert clock.rested == 0
