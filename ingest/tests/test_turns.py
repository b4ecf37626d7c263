"""Taking turns: a worker digests what it was woken for, and no source starves another."""

from collections.abc import Sequence

import pytest

from ingest.digest import turns
from ingest.digest.loop import Drained
from ingest.digest.turns import digest_in_turns
from ingest.inbox.base import Delivery, InboxUnavailable


class FakeSource:
    """A source with so many slices of work left; -1: its store is away."""

    def __init__(self, number: int, slices: int) -> None:
        self.number = number
        self.slices = slices

    def read(self, *, max_messages: int, max_bytes: int, linger_ms: int) -> list[Delivery]:
        raise NotImplementedError

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        raise NotImplementedError

    def give_back(self) -> None:
        raise NotImplementedError


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the sources in the order in which they were digested."""
    order: list[int] = []

    def drain(source: FakeSource, budget_s: float) -> Drained:
        order.append(source.number)
        if source.slices < 0:
            raise InboxUnavailable("away")
        source.slices -= source.slices > 0
        return Drained(read=1, is_empty=not source.slices)

    monkeypatch.setattr(turns, "drain", drain)
    return order


def test_a_worker_digests_the_source_it_was_woken_for(order: list[int]) -> None:
    sources = [FakeSource(number, slices=1) for number in (1, 2, 3)]

    assert digest_in_turns(sources, 2, budget_s=30) is False
    assert order == [2]


def test_a_busy_source_starves_no_other(order: list[int]) -> None:
    sources = [FakeSource(1, slices=3), FakeSource(2, slices=1)]

    assert digest_in_turns(sources, 1, budget_s=30) is False
    assert order == [1, 1, 2, 1, 2]


def test_beat_wakes_for_every_source(order: list[int]) -> None:
    sources = [FakeSource(number, slices=1) for number in (1, 2, 3)]

    digest_in_turns(sources, None, budget_s=30)

    assert order == [1, 2, 3]


def test_a_source_that_is_away_keeps_no_other_waiting(order: list[int]) -> None:
    sources = [FakeSource(1, slices=-1), FakeSource(2, slices=1)]

    assert digest_in_turns(sources, None, budget_s=30) is False
    assert order == [1, 2]


def test_a_worker_returns_when_its_time_is_over(order: list[int]) -> None:
    assert digest_in_turns([FakeSource(1, slices=9)], 1, budget_s=0) is True
